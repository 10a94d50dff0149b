"""Synonyms of a town's own"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('synonym_group',
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('relation', sa.String(length=12), nullable=False),
    sa.Column('head', sa.Text(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('origin', sa.String(length=20), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_synonym_group'))
    )


def downgrade() -> None:
    op.drop_table('synonym_group')
