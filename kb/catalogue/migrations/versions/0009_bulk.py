"""Changes that come as a file, and what each row would do"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('bulk',
    sa.Column('id', sa.String(length=80), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('clear_blanks', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('told', sa.JSON(), nullable=False),
    sa.Column('applied_by', sa.String(length=80), nullable=True),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk'))
    )
    op.create_index(op.f('ix_bulk_made_at'), 'bulk', ['made_at'], unique=False)
    op.create_table('bulk_line',
    sa.Column('bulk_id', sa.String(length=80), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('moved', sa.Boolean(), nullable=False),
    sa.Column('report', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['bulk_id'], ['bulk.id'], name=op.f('fk_bulk_line_bulk_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('bulk_id', 'line', name=op.f('pk_bulk_line'))
    )
    op.create_index('ix_bulk_line_outcome', 'bulk_line', ['bulk_id', 'outcome'], unique=False)


def downgrade() -> None:
    op.drop_table('bulk_line')
    op.drop_table('bulk')
