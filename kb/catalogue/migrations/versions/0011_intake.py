"""What pages show of intakes"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('intake_sheet',
    sa.Column('intake_id', sa.String(length=80), nullable=False),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=True),
    sa.Column('sheet', sa.JSON(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['intake_id'], ['intake.id'], name=op.f('fk_intake_sheet_intake_id')),
    sa.PrimaryKeyConstraint('intake_id', name=op.f('pk_intake_sheet'))
    )


def downgrade() -> None:
    op.drop_table('intake_sheet')
