"""Several ranges of pages for a case in a casebook, and what the worklist counts by"""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _key_of_excerpts('document_id', 'case_id', 'first_page')
    op.create_index('ix_document_waiting', 'document', ['rights_terms', 'published', 'added_at', 'id'])
    op.create_index('ix_page_quality', 'page', ['quality'])


def downgrade() -> None:
    op.drop_index('ix_page_quality', 'page')
    op.drop_index('ix_document_waiting', 'document')
    # One range for each case again: from its first page to its last one.
    excerpt = sa.table('case_excerpt', *map(sa.column, ('document_id', 'case_id', 'first_page', 'last_page')))
    other = excerpt.alias()
    same = sa.and_(other.c.document_id == excerpt.c.document_id, other.c.case_id == excerpt.c.case_id)
    last = sa.select(sa.func.max(other.c.last_page)).where(same).scalar_subquery()
    op.execute(excerpt.update().values(last_page=last))
    earlier = sa.exists().where(same, other.c.first_page < excerpt.c.first_page)
    op.execute(excerpt.delete().where(earlier))
    _key_of_excerpts('document_id', 'case_id')


def _key_of_excerpts(*columns: str) -> None:
    with op.batch_alter_table('case_excerpt', schema=None) as batch_op:
        batch_op.drop_constraint('pk_case_excerpt', type_='primary')
        batch_op.create_primary_key('pk_case_excerpt', list(columns))
