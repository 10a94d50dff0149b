"""What waits for a second person, and what puts replaced originals back"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('intake_proposal',
    sa.Column('intake_id', sa.String(length=80), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['intake_id'], ['intake.id'], name=op.f('fk_intake_proposal_intake_id')),
    sa.PrimaryKeyConstraint('intake_id', name=op.f('pk_intake_proposal'))
    )
    op.create_table('replacement',
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('draft_id', sa.String(length=80), nullable=False),
    sa.Column('held', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_replacement_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'sha256', name=op.f('pk_replacement'))
    )


def downgrade() -> None:
    op.drop_table('replacement')
    op.drop_table('intake_proposal')
