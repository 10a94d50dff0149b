"""What people call municipalities"""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('local_name',
    sa.Column('id', sa.String(length=80), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('folded', sa.String(length=80), nullable=False),
    sa.Column('kana', sa.String(length=80), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['code'], ['municipality.code'], name=op.f('fk_local_name_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_local_name')),
    sa.UniqueConstraint('code', 'folded', name=op.f('uq_local_name_code_folded'))
    )


def downgrade() -> None:
    op.drop_table('local_name')
