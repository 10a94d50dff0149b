"""Where text stands, how far it can be trusted, and which documents are alike"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('page_layout',
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('layout', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_page_layout_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'number', name=op.f('pk_page_layout'))
    )
    op.create_table('likeness',
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('other_id', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('similarity', sa.Double(), nullable=False),
    sa.Column('decision', sa.String(length=20), nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_likeness_document_id')),
    sa.ForeignKeyConstraint(['other_id'], ['document.id'], name=op.f('fk_likeness_other_id')),
    sa.PrimaryKeyConstraint('document_id', 'other_id', name=op.f('pk_likeness'))
    )
    with op.batch_alter_table('likeness', schema=None) as batch_op:
        batch_op.create_index('ix_likeness_other_id', ['other_id'], unique=False)
    with op.batch_alter_table('page', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reader', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('confidence', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('quality', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('quality_reason', sa.Text(), nullable=True))
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('outline', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('attachments', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('recognised', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('draft', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('text_digest', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('signature', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('signature_version', sa.String(length=40), nullable=True))
        batch_op.create_index(batch_op.f('ix_document_text_digest'), ['text_digest'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_document_text_digest'))
        for name in ('signature_version', 'signature', 'text_digest', 'draft', 'recognised', 'attachments', 'outline'):
            batch_op.drop_column(name)
    with op.batch_alter_table('page', schema=None) as batch_op:
        for name in ('quality_reason', 'quality', 'confidence', 'reader'):
            batch_op.drop_column(name)
    op.drop_table('likeness')
    op.drop_table('page_layout')
