"""Drafts of synonyms and their rehearsal"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('synonym_draft',
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('entry', sa.JSON(), nullable=True),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_synonym_draft'))
    )
    op.create_table('synonym_rehearsal',
    sa.Column('version', sa.String(length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_synonym_rehearsal'))
    )


def downgrade() -> None:
    op.drop_table('synonym_rehearsal')
    op.drop_table('synonym_draft')
