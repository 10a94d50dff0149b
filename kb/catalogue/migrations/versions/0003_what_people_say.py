"""Permissions, decisions, intake drafts, casebooks, parts at events, sizes of municipalities"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _judgements()
    _intakes()
    _relations()
    with op.batch_alter_table('municipality', schema=None) as batch_op:
        batch_op.add_column(sa.Column('status', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('abolished_on', sa.Date(), nullable=True))


def _judgements() -> None:
    op.create_table('permission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('terms', sa.String(length=20), nullable=False),
    sa.Column('allowed_by', sa.Text(), nullable=False),
    sa.Column('allowed_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('noted', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_permission_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_permission'))
    )
    with op.batch_alter_table('permission', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_permission_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_permission_valid_until'), ['valid_until'], unique=False)
    op.create_table('decision',
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('value', sa.JSON(), nullable=True),
    sa.Column('proposed', sa.JSON(), nullable=True),
    sa.Column('filled', sa.Boolean(), nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_decision_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'field', name=op.f('pk_decision'))
    )
    _mark_filled()


def _mark_filled() -> None:
    """Documents named after their file's digest were taken in without a description."""
    for field in ('title', 'kind'):
        op.execute(
            "INSERT INTO decision (document_id, field, filled) "
            f"SELECT id, '{field}', true FROM document "  # noqa: S608 - two words of our own
            "WHERE id = 'doc-' || substr(sha256, 1, 16)"
        )


def _intakes() -> None:
    op.create_table('intake',
    sa.Column('id', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('contradictions', sa.JSON(), nullable=False),
    sa.Column('statements', sa.JSON(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake'))
    )
    with op.batch_alter_table('intake', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_intake_source'), ['source'], unique=False)
    op.create_table('intake_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('intake_id', sa.String(length=80), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('record_id', sa.String(length=80), nullable=True),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('overrides', sa.JSON(), nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['intake_id'], ['intake.id'], name=op.f('fk_intake_line_intake_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_line')),
    sa.UniqueConstraint('intake_id', 'key', name=op.f('uq_intake_line_intake_id_key'))
    )
    with op.batch_alter_table('intake_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_intake_line_intake_id'), ['intake_id'], unique=False)


def _relations() -> None:
    op.create_table('case_excerpt',
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('case_id', sa.String(length=80), nullable=False),
    sa.Column('first_page', sa.Integer(), nullable=False),
    sa.Column('last_page', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_study.id'], name=op.f('fk_case_excerpt_case_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_case_excerpt_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'case_id', name=op.f('pk_case_excerpt'))
    )
    with op.batch_alter_table('case_excerpt', schema=None) as batch_op:
        batch_op.create_index('ix_case_excerpt_case_id', ['case_id'], unique=False)
    op.create_table('event_document',
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('event_id', sa.String(length=80), nullable=False),
    sa.Column('part', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_event_document_document_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_document_event_id')),
    sa.PrimaryKeyConstraint('document_id', 'event_id', 'part', name=op.f('pk_event_document'))
    )
    with op.batch_alter_table('event_document', schema=None) as batch_op:
        batch_op.create_index('ix_event_document_event_id', ['event_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('municipality', schema=None) as batch_op:
        batch_op.drop_column('abolished_on')
        batch_op.drop_column('status')
    for table in ('event_document', 'case_excerpt', 'intake_line', 'intake', 'decision', 'permission'):
        op.drop_table(table)
