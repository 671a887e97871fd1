"""Exit registration: drive, meetings, registrations, needs."""

import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models


NEW = ['ExitDrive', 'ExitDriveEvent', 'ExitMeeting', 'ExitMeetingEvent', 'ExitRegistration', 'ExitNeed', 'ExitRegistrationEvent', 'ExitNeedEvent']


def install_triggers(apps, schema_editor):
    """One operation for all of them: the state of a migration is rendered anew for every operation that touches a model."""
    for name in NEW:
        for trigger in getattr(apps.get_model("households", name)._meta, "triggers", ()):
            # The compiled SQL is complete; parameters would make its per cent signs placeholders.
            schema_editor.execute(trigger.install_sql, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('areas', '0002_relations'),
        ('households', '0001_registry_and_review'),
        ('papers', '0002_paper_source'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExitDrive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='phiên bản')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('opened_on', models.DateField(verbose_name='mở đăng ký từ ngày')),
                ('closes_on', models.DateField(blank=True, null=True, verbose_name='nhận đăng ký đến hết ngày')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('paper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='papers.paper', verbose_name='văn bản giao chỉ tiêu')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area')),
            ],
            options={
                'verbose_name': 'đợt đăng ký thoát nghèo',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('unit', 'year'), name='exit_drive_once'), models.CheckConstraint(condition=models.Q(('closes_on__isnull', True), ('closes_on__gte', models.F('opened_on')), _connector='OR'), name='exit_drive_ends_after_start', violation_error_message='Ngày cuối nhận đăng ký không được trước ngày mở.')],
                'triggers': [pgtrigger.compiler.Trigger(name='raise_version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version = OLD.version + 1; RETURN NEW;', hash='346e95293fbb9ca5284a7b39e77029d0613c6697', operation='UPDATE', pgid='pgtrigger_raise_version_13ba7', table='households_exitdrive', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitdriveevent" ("closes_on", "id", "note", "opened_on", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "version", "year") SELECT new_values."closes_on", new_values."id", new_values."note", new_values."opened_on", new_values."paper_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."unit_id", new_values."version", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cf4b38a99a66ab3dfc618c37e4f12400826af077', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f5ea8', referencing='REFERENCING NEW TABLE AS new_values ', table='households_exitdrive', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitdriveevent" ("closes_on", "id", "note", "opened_on", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "version", "year") SELECT new_values."closes_on", new_values."id", new_values."note", new_values."opened_on", new_values."paper_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."unit_id", new_values."version", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='bc850971f32bab35978b5148ca91cf40efb38a0d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_8b486', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='households_exitdrive', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitdriveevent" ("closes_on", "id", "note", "opened_on", "paper_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "version", "year") SELECT old_values."closes_on", old_values."id", old_values."note", old_values."opened_on", old_values."paper_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."unit_id", old_values."version", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='94bb7270497367539bf72625e1697c4965936a02', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_cf608', referencing='REFERENCING OLD TABLE AS old_values ', table='households_exitdrive', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ExitDriveEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='phiên bản')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('opened_on', models.DateField(verbose_name='mở đăng ký từ ngày')),
                ('closes_on', models.DateField(blank=True, null=True, verbose_name='nhận đăng ký đến hết ngày')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('paper', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='papers.paper', verbose_name='văn bản giao chỉ tiêu')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='households.exitdrive')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='areas.area')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aeb1de7f345f301530782e93faae98b660a209c8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_25fc6', table='households_exitdriveevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ExitMeeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='phiên bản')),
                ('held_on', models.DateField(verbose_name='ngày họp')),
                ('place', models.CharField(max_length=200, verbose_name='địa điểm')),
                ('chair', models.CharField(max_length=200, verbose_name='chủ trì (họ tên, chức danh)')),
                ('secretary', models.CharField(max_length=200, verbose_name='thư ký')),
                ('present', models.CharField(blank=True, max_length=500, verbose_name='cán bộ phụ trách hộ, đoàn thể dự')),
                ('participants', models.PositiveSmallIntegerField(verbose_name='số người dự họp')),
                ('households_represented', models.PositiveSmallIntegerField(verbose_name='số hộ có người đại diện dự')),
                ('opinions', models.TextField(blank=True, verbose_name='ý kiến khác')),
                ('drive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='households.exitdrive')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='thôn')),
            ],
            options={
                'verbose_name': 'cuộc họp thôn về đăng ký thoát nghèo',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('drive', 'village'), name='exit_meeting_once', violation_error_message='Thôn này đã có biên bản họp đăng ký.'), models.CheckConstraint(condition=models.Q(('participants__gte', models.F('households_represented'))), name='exit_meeting_represented_within_present', violation_error_message='Số hộ có đại diện nhiều hơn số người dự họp.')],
                'triggers': [pgtrigger.compiler.Trigger(name='raise_version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version = OLD.version + 1; RETURN NEW;', hash='f8a00198ca6758748c92f939c4873df20f2eea34', operation='UPDATE', pgid='pgtrigger_raise_version_3b064', table='households_exitmeeting', when='BEFORE')), pgtrigger.compiler.Trigger(name='village_of_unit', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF (SELECT parent_id FROM areas_area WHERE id = NEW.village_id) IS DISTINCT FROM NEW.unit_id THEN\n            RAISE EXCEPTION 'village % is not of unit %', NEW.village_id, NEW.unit_id USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='ecc80ee7582380dd9771fbaff7fb9d16e567b4d6', operation='INSERT OR UPDATE OF "unit_id", "village_id"', pgid='pgtrigger_village_of_unit_6562e', table='households_exitmeeting', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitmeetingevent" ("chair", "drive_id", "held_on", "households_represented", "id", "opinions", "participants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "present", "secretary", "unit_id", "version", "village_id") SELECT new_values."chair", new_values."drive_id", new_values."held_on", new_values."households_represented", new_values."id", new_values."opinions", new_values."participants", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."place", new_values."present", new_values."secretary", new_values."unit_id", new_values."version", new_values."village_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ab717a16e26432d085969284bc85e8e3e0851b8e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_51468', referencing='REFERENCING NEW TABLE AS new_values ', table='households_exitmeeting', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitmeetingevent" ("chair", "drive_id", "held_on", "households_represented", "id", "opinions", "participants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "present", "secretary", "unit_id", "version", "village_id") SELECT new_values."chair", new_values."drive_id", new_values."held_on", new_values."households_represented", new_values."id", new_values."opinions", new_values."participants", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."place", new_values."present", new_values."secretary", new_values."unit_id", new_values."version", new_values."village_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='16f333e62be2e60b6d3190aff9cd6ea00fdfd408', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9aa37', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='households_exitmeeting', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitmeetingevent" ("chair", "drive_id", "held_on", "households_represented", "id", "opinions", "participants", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "present", "secretary", "unit_id", "version", "village_id") SELECT old_values."chair", old_values."drive_id", old_values."held_on", old_values."households_represented", old_values."id", old_values."opinions", old_values."participants", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."place", old_values."present", old_values."secretary", old_values."unit_id", old_values."version", old_values."village_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='83529dba264b74ee9ba110258a6857fd9709ed18', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_37d6b', referencing='REFERENCING OLD TABLE AS old_values ', table='households_exitmeeting', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ExitMeetingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='phiên bản')),
                ('held_on', models.DateField(verbose_name='ngày họp')),
                ('place', models.CharField(max_length=200, verbose_name='địa điểm')),
                ('chair', models.CharField(max_length=200, verbose_name='chủ trì (họ tên, chức danh)')),
                ('secretary', models.CharField(max_length=200, verbose_name='thư ký')),
                ('present', models.CharField(blank=True, max_length=500, verbose_name='cán bộ phụ trách hộ, đoàn thể dự')),
                ('participants', models.PositiveSmallIntegerField(verbose_name='số người dự họp')),
                ('households_represented', models.PositiveSmallIntegerField(verbose_name='số hộ có người đại diện dự')),
                ('opinions', models.TextField(blank=True, verbose_name='ý kiến khác')),
                ('drive', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='households.exitdrive')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='households.exitmeeting')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='areas.area')),
                ('village', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='areas.area', verbose_name='thôn')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bb766c6ba30ecbad0d6aed9d6cb9565f0e3c546f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_18a5b', table='households_exitmeetingevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ExitRegistration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='phiên bản')),
                ('category', models.CharField(choices=[('poor', 'hộ nghèo'), ('near_poor', 'hộ cận nghèo'), ('not_poor', 'hộ không nghèo')], max_length=10, verbose_name='phân loại khi đăng ký')),
                ('registered_on', models.DateField(verbose_name='ngày đăng ký')),
                ('signer', models.CharField(help_text='Chủ hộ hoặc người đại diện.', max_length=100, verbose_name='người ký đơn')),
                ('is_form_signed', models.BooleanField(default=False, verbose_name='đã có đơn ký của hộ')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='ngày rút đăng ký')),
                ('withdrawn_because', models.CharField(blank=True, max_length=300, verbose_name='lý do rút')),
                ('drive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='households.exitdrive')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exit_registrations', to='households.household')),
                ('meeting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='households.exitmeeting', verbose_name='cuộc họp thôn')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area', verbose_name='thôn')),
            ],
            options={
                'verbose_name': 'hộ đăng ký thoát nghèo',
                'abstract': False,
                'indexes': [models.Index(fields=['drive', 'village'], name='households__drive_i_96ffa2_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_on__isnull', True)), fields=('drive', 'household'), name='exit_registration_once', violation_error_message='Hộ này đã đăng ký thoát nghèo trong năm.'), models.CheckConstraint(condition=models.Q(('category__in', ['poor', 'near_poor'])), name='exit_registration_of_a_listed_household'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_because', ''), ('withdrawn_on__isnull', True)), models.Q(('withdrawn_on__gte', models.F('registered_on')), models.Q(('withdrawn_because', ''), _negated=True)), _connector='OR'), name='exit_registration_withdrawn_with_reason', violation_error_message='Rút đăng ký thì ghi ngày, không trước ngày đăng ký, và lý do.')],
                'triggers': [pgtrigger.compiler.Trigger(name='raise_version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version = OLD.version + 1; RETURN NEW;', hash='df71306b8d67a84d1efc23e9128b9a3c12b870c0', operation='UPDATE', pgid='pgtrigger_raise_version_558b0', table='households_exitregistration', when='BEFORE')), pgtrigger.compiler.Trigger(name='village_of_unit', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF (SELECT parent_id FROM areas_area WHERE id = NEW.village_id) IS DISTINCT FROM NEW.unit_id THEN\n            RAISE EXCEPTION 'village % is not of unit %', NEW.village_id, NEW.unit_id USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='f7d60f3683b69a9bbaf434c3049671083b8eca99', operation='INSERT OR UPDATE OF "unit_id", "village_id"', pgid='pgtrigger_village_of_unit_28d42', table='households_exitregistration', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitregistrationevent" ("category", "drive_id", "household_id", "id", "is_form_signed", "meeting_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "signer", "unit_id", "version", "village_id", "withdrawn_because", "withdrawn_on") SELECT new_values."category", new_values."drive_id", new_values."household_id", new_values."id", new_values."is_form_signed", new_values."meeting_id", new_values."note", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."registered_on", new_values."signer", new_values."unit_id", new_values."version", new_values."village_id", new_values."withdrawn_because", new_values."withdrawn_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='df53c242840d5222d38b3dd786b0685f77462969', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_9528a', referencing='REFERENCING NEW TABLE AS new_values ', table='households_exitregistration', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitregistrationevent" ("category", "drive_id", "household_id", "id", "is_form_signed", "meeting_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "signer", "unit_id", "version", "village_id", "withdrawn_because", "withdrawn_on") SELECT new_values."category", new_values."drive_id", new_values."household_id", new_values."id", new_values."is_form_signed", new_values."meeting_id", new_values."note", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."registered_on", new_values."signer", new_values."unit_id", new_values."version", new_values."village_id", new_values."withdrawn_because", new_values."withdrawn_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6b30327e002b4ef70fe767ccc688b81d6c318485', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_af92b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='households_exitregistration', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitregistrationevent" ("category", "drive_id", "household_id", "id", "is_form_signed", "meeting_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "signer", "unit_id", "version", "village_id", "withdrawn_because", "withdrawn_on") SELECT old_values."category", old_values."drive_id", old_values."household_id", old_values."id", old_values."is_form_signed", old_values."meeting_id", old_values."note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."registered_on", old_values."signer", old_values."unit_id", old_values."version", old_values."village_id", old_values."withdrawn_because", old_values."withdrawn_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1d70a32ffa97dd0b0806d424efc0e1aa21eed016', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_25db4', referencing='REFERENCING OLD TABLE AS old_values ', table='households_exitregistration', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ExitNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='phiên bản')),
                ('need', models.CharField(choices=[('health', 'y tế'), ('education', 'giáo dục'), ('production', 'sản xuất'), ('credit', 'vay vốn tín dụng'), ('housing', 'nhà ở'), ('other', 'khác')], max_length=10, verbose_name='nhu cầu')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='cụ thể')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area')),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='households.exitregistration')),
            ],
            options={
                'verbose_name': 'nhu cầu để thoát nghèo',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('registration', 'need'), name='exit_need_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='raise_version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='NEW.version = OLD.version + 1; RETURN NEW;', hash='2d98629a97fde680178786f3af71a168f7d97817', operation='UPDATE', pgid='pgtrigger_raise_version_b71de', table='households_exitneed', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitneedevent" ("id", "need", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_id", "unit_id", "version") SELECT new_values."id", new_values."need", new_values."note", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."registration_id", new_values."unit_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8ad65e280b6138d05890c013d787141742ad893f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_84a7a', referencing='REFERENCING NEW TABLE AS new_values ', table='households_exitneed', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitneedevent" ("id", "need", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_id", "unit_id", "version") SELECT new_values."id", new_values."need", new_values."note", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."registration_id", new_values."unit_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fdb9d2d5fd0bcf23b6acee9c5d534242fc601f53', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_fc818', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='households_exitneed', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "households_exitneedevent" ("id", "need", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registration_id", "unit_id", "version") SELECT old_values."id", old_values."need", old_values."note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."registration_id", old_values."unit_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='237884d1c2d0b353b30e4cc7f9abb95055de2a6d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_231b5', referencing='REFERENCING OLD TABLE AS old_values ', table='households_exitneed', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ExitRegistrationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='phiên bản')),
                ('category', models.CharField(choices=[('poor', 'hộ nghèo'), ('near_poor', 'hộ cận nghèo'), ('not_poor', 'hộ không nghèo')], max_length=10, verbose_name='phân loại khi đăng ký')),
                ('registered_on', models.DateField(verbose_name='ngày đăng ký')),
                ('signer', models.CharField(help_text='Chủ hộ hoặc người đại diện.', max_length=100, verbose_name='người ký đơn')),
                ('is_form_signed', models.BooleanField(default=False, verbose_name='đã có đơn ký của hộ')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='ngày rút đăng ký')),
                ('withdrawn_because', models.CharField(blank=True, max_length=300, verbose_name='lý do rút')),
                ('drive', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='households.exitdrive')),
                ('household', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='households.household')),
                ('meeting', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='households.exitmeeting', verbose_name='cuộc họp thôn')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='households.exitregistration')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='areas.area')),
                ('village', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='areas.area', verbose_name='thôn')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6b4e12b057c58f8817a98b4ee293a3e92e42b987', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c365a', table='households_exitregistrationevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ExitNeedEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='phiên bản')),
                ('need', models.CharField(choices=[('health', 'y tế'), ('education', 'giáo dục'), ('production', 'sản xuất'), ('credit', 'vay vốn tín dụng'), ('housing', 'nhà ở'), ('other', 'khác')], max_length=10, verbose_name='nhu cầu')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='cụ thể')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='households.exitneed')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='areas.area')),
                ('registration', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='households.exitregistration')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bbcff8e3ed151be195e9ce32fe25cce755f634d2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_aab94', table='households_exitneedevent', when='BEFORE'))],
            },
        ),
        # Tables go with their triggers.
        migrations.RunPython(install_triggers, migrations.RunPython.noop),
    ]
