"""What people asked, and the questions that are kept"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('asked',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('question', sa.String(length=200), nullable=False),
    sa.Column('filters', sa.String(length=200), nullable=False),
    sa.Column('audience', sa.String(length=20), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('last_total', sa.Integer(), nullable=False),
    sa.Column('missing', sa.JSON(none_as_null=True), nullable=True),
    sa.PrimaryKeyConstraint('day', 'question', 'filters', 'audience', name=op.f('pk_asked')),
    sqlite_with_rowid=False
    )
    op.create_table('known_question',
    sa.Column('id', sa.String(length=80), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('filters', sa.Text(), nullable=False),
    sa.Column('expected', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_known_question'))
    )
    op.create_table('question_score',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('passed', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('failed', sa.JSON(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('generation', sa.String(length=80), nullable=False),
    sa.Column('change', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_score'))
    )


def downgrade() -> None:
    op.drop_table('question_score')
    op.drop_table('known_question')
    op.drop_table('asked')
