"""The first tables"""

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def _municipality() -> None:
    op.create_table('municipality',
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('kana', sa.String(length=80), nullable=False),
    sa.Column('romaji', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('prefecture', sa.String(length=10), nullable=False),
    sa.Column('parent_code', sa.String(length=6), nullable=True),
    sa.Column('specimen', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_municipality'))
    )
    with op.batch_alter_table('municipality', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_municipality_name'), ['name'], unique=False)


def _person() -> None:
    op.create_table('person',
    sa.Column('id', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('other_names', sa.JSON(), nullable=False),
    sa.Column('kana', sa.String(length=80), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_name'), ['name'], unique=False)


def _programme() -> None:
    op.create_table('programme',
    sa.Column('id', sa.String(length=80), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.Column('cohorts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme'))
    )


def _source_event() -> None:
    op.create_table('source_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.String(length=80), nullable=False),
    sa.Column('why', sa.Text(), nullable=True),
    sa.Column('change', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_event'))
    )
    with op.batch_alter_table('source_event', schema=None) as batch_op:
        batch_op.create_index('ix_source_event_subject', ['subject_kind', 'subject_id'], unique=False)


def _theme() -> None:
    op.create_table('theme',
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('label', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_theme'))
    )


def _department() -> None:
    op.create_table('department',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('municipality_code', sa.String(length=6), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('function', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['municipality_code'], ['municipality.code'], name=op.f('fk_department_municipality_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_department')),
    sa.UniqueConstraint('municipality_code', 'name', name=op.f('uq_department_municipality_code_name'))
    )
    with op.batch_alter_table('department', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_department_name'), ['name'], unique=False)


def _event() -> None:
    op.create_table('event',
    sa.Column('id', sa.String(length=80), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('series', sa.Text(), nullable=True),
    sa.Column('edition', sa.String(length=40), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('starts_at', sa.String(length=5), nullable=True),
    sa.Column('ends_at', sa.String(length=5), nullable=True),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('mode', sa.String(length=20), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('attendance', sa.Integer(), nullable=True),
    sa.Column('attendance_text', sa.Text(), nullable=True),
    sa.Column('fee', sa.Text(), nullable=True),
    sa.Column('summary', sa.Text(), nullable=True),
    sa.Column('keywords', sa.JSON(), nullable=False),
    sa.Column('programme_id', sa.String(length=80), nullable=True),
    sa.Column('specimen', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_event_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_held_on'), ['held_on'], unique=False)


def _former_municipality() -> None:
    op.create_table('former_municipality',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('kana', sa.String(length=80), nullable=False),
    sa.Column('prefecture', sa.String(length=10), nullable=False),
    sa.Column('changed_on', sa.Date(), nullable=False),
    sa.Column('change', sa.String(length=20), nullable=False),
    sa.Column('successor_code', sa.String(length=6), nullable=False),
    sa.ForeignKeyConstraint(['successor_code'], ['municipality.code'], name=op.f('fk_former_municipality_successor_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_former_municipality')),
    sa.UniqueConstraint('code', 'name', 'changed_on', 'successor_code', name=op.f('uq_former_municipality_code_name_changed_on_successor_code'))
    )
    with op.batch_alter_table('former_municipality', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_former_municipality_name'), ['name'], unique=False)
        batch_op.create_index(batch_op.f('ix_former_municipality_successor_code'), ['successor_code'], unique=False)


def _case_study() -> None:
    op.create_table('case_study',
    sa.Column('id', sa.String(length=80), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('subtitle', sa.Text(), nullable=True),
    sa.Column('provisional_title', sa.Text(), nullable=True),
    sa.Column('implemented_in', sa.Integer(), nullable=True),
    sa.Column('presented_in', sa.Integer(), nullable=True),
    sa.Column('place', sa.String(length=40), nullable=True),
    sa.Column('service_class', sa.Text(), nullable=True),
    sa.Column('keywords', sa.JSON(), nullable=False),
    sa.Column('functions', sa.JSON(), nullable=False),
    sa.Column('narrative', sa.JSON(), nullable=False),
    sa.Column('media', sa.JSON(), nullable=False),
    sa.Column('related_url', sa.Text(), nullable=True),
    sa.Column('related_case', sa.Text(), nullable=True),
    sa.Column('contact', sa.Text(), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('updated_on', sa.Date(), nullable=True),
    sa.Column('event_id', sa.String(length=80), nullable=True),
    sa.Column('programme_id', sa.String(length=80), nullable=True),
    sa.Column('cohort', sa.Integer(), nullable=True),
    sa.Column('continues_id', sa.String(length=80), nullable=True),
    sa.Column('specimen', sa.Boolean(), nullable=False),
    sa.Column('published', sa.Boolean(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['continues_id'], ['case_study.id'], name=op.f('fk_case_study_continues_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_case_study_event_id')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_case_study_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_study'))
    )
    with op.batch_alter_table('case_study', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_study_continues_id'), ['continues_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_study_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_study_implemented_in'), ['implemented_in'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_study_presented_in'), ['presented_in'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_study_specimen'), ['specimen'], unique=False)


def _case_department() -> None:
    op.create_table('case_department',
    sa.Column('case_id', sa.String(length=80), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_study.id'], name=op.f('fk_case_department_case_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_case_department_department_id')),
    sa.PrimaryKeyConstraint('case_id', 'department_id', name=op.f('pk_case_department'))
    )


def _case_municipality() -> None:
    op.create_table('case_municipality',
    sa.Column('case_id', sa.String(length=80), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_study.id'], name=op.f('fk_case_municipality_case_id')),
    sa.ForeignKeyConstraint(['code'], ['municipality.code'], name=op.f('fk_case_municipality_code')),
    sa.PrimaryKeyConstraint('case_id', 'code', name=op.f('pk_case_municipality'))
    )
    with op.batch_alter_table('case_municipality', schema=None) as batch_op:
        batch_op.create_index('ix_case_municipality_code', ['code'], unique=False)


def _case_theme() -> None:
    op.create_table('case_theme',
    sa.Column('case_id', sa.String(length=80), nullable=False),
    sa.Column('theme', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_study.id'], name=op.f('fk_case_theme_case_id')),
    sa.ForeignKeyConstraint(['theme'], ['theme.slug'], name=op.f('fk_case_theme_theme')),
    sa.PrimaryKeyConstraint('case_id', 'theme', name=op.f('pk_case_theme'))
    )


def _document() -> None:
    op.create_table('document',
    sa.Column('id', sa.String(length=80), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('holding', sa.String(length=10), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('declared_size', sa.String(length=20), nullable=True),
    sa.Column('media_type', sa.String(length=120), nullable=True),
    sa.Column('file_name', sa.Text(), nullable=True),
    sa.Column('rights_terms', sa.String(length=20), nullable=False),
    sa.Column('rights_statement', sa.Text(), nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=True),
    sa.Column('outcome_detail', sa.Text(), nullable=True),
    sa.Column('extractor', sa.String(length=80), nullable=True),
    sa.Column('declared_pages', sa.Integer(), nullable=True),
    sa.Column('file_title', sa.Text(), nullable=True),
    sa.Column('series', sa.Text(), nullable=True),
    sa.Column('series_number', sa.String(length=20), nullable=True),
    sa.Column('edition', sa.String(length=40), nullable=True),
    sa.Column('keywords', sa.JSON(), nullable=False),
    sa.Column('departments', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('presented_in', sa.Integer(), nullable=True),
    sa.Column('case_id', sa.String(length=80), nullable=True),
    sa.Column('event_id', sa.String(length=80), nullable=True),
    sa.Column('specimen', sa.Boolean(), nullable=False),
    sa.Column('published', sa.Boolean(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case_study.id'], name=op.f('fk_document_case_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_document_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('sha256', name=op.f('uq_document_sha256'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_outcome'), ['outcome'], unique=False)


def _document_municipality() -> None:
    op.create_table('document_municipality',
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.ForeignKeyConstraint(['code'], ['municipality.code'], name=op.f('fk_document_municipality_code')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_municipality_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'code', name=op.f('pk_document_municipality'))
    )


def _page() -> None:
    op.create_table('page',
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('title', sa.Text(), nullable=True),
    sa.Column('width', sa.Double(), nullable=False),
    sa.Column('height', sa.Double(), nullable=False),
    sa.Column('needs_ocr', sa.Boolean(), nullable=False),
    sa.Column('fault', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_page_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'number', name=op.f('pk_page'))
    )


def _page_tokens() -> None:
    op.create_table('page_tokens',
    sa.Column('document_id', sa.String(length=80), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('fingerprint', sa.String(length=120), nullable=False),
    sa.Column('tokens', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_page_tokens_document_id')),
    sa.PrimaryKeyConstraint('document_id', 'number', name=op.f('pk_page_tokens'))
    )


def _role() -> None:
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.String(length=80), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('event_id', sa.String(length=80), nullable=True),
    sa.Column('document_id', sa.String(length=80), nullable=True),
    sa.Column('case_id', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case_study.id'], name=op.f('fk_role_case_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_role_document_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_role_event_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role'))
    )
    with op.batch_alter_table('role', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_role_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_role_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_role_person_id'), ['person_id'], unique=False)


def _source() -> None:
    op.create_table('source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.String(length=80), nullable=True),
    sa.Column('event_id', sa.String(length=80), nullable=True),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('seen_from', sa.Date(), nullable=True),
    sa.Column('seen_until', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_source_document_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_source_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source'))
    )
    with op.batch_alter_table('source', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_source_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_source_event_id'), ['event_id'], unique=False)


def upgrade() -> None:
    _municipality()
    _person()
    _programme()
    _source_event()
    _theme()
    _department()
    _event()
    _former_municipality()
    _case_study()
    _case_department()
    _case_municipality()
    _case_theme()
    _document()
    _document_municipality()
    _page()
    _page_tokens()
    _role()
    _source()


def downgrade() -> None:
    for table in (
        "source",
        "role",
        "page_tokens",
        "page",
        "document_municipality",
        "document",
        "case_theme",
        "case_municipality",
        "case_department",
        "case_study",
        "former_municipality",
        "event",
        "department",
        "theme",
        "source_event",
        "programme",
        "person",
        "municipality",
    ):
        op.drop_table(table)
