"""Merged cases and editions of documents"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('merged_case',
    sa.Column('old_id', sa.String(length=80), nullable=False),
    sa.Column('kept_id', sa.String(length=80), nullable=False),
    sa.Column('merged_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('held', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('old_id', name=op.f('pk_merged_case'))
    )
    op.create_index(op.f('ix_merged_case_kept_id'), 'merged_case', ['kept_id'], unique=False)
    op.create_table('document_edition',
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('media_type', sa.String(length=120), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('extractor', sa.String(length=80), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_edition_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'number', name=op.f('pk_document_edition')),
    sa.UniqueConstraint('sha256', name=op.f('uq_document_edition_sha256'))
    )
    op.create_table('edition_page',
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('edition', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('title', sa.Text(), nullable=True),
    sa.Column('width', sa.Double(), nullable=False),
    sa.Column('height', sa.Double(), nullable=False),
    sa.Column('needs_ocr', sa.Boolean(), nullable=False),
    sa.Column('fault', sa.Text(), nullable=True),
    sa.Column('reader', sa.String(length=80), nullable=True),
    sa.Column('confidence', sa.Double(), nullable=True),
    sa.Column('layout', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_edition_page_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'edition', 'number', name=op.f('pk_edition_page'))
    )


def downgrade() -> None:
    op.drop_table('edition_page')
    op.drop_table('document_edition')
    op.drop_table('merged_case')
