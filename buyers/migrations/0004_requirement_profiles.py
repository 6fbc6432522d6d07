import core.kernel.clock
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was published is the record of why somebody was refused: only its end may be noted.
FREEZE = """
CREATE FUNCTION buyers_published_profile_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY['status', 'superseded_at', 'published_by_id']
        IS DISTINCT FROM to_jsonb(OLD) - ARRAY['status', 'superseded_at', 'published_by_id']
        OR NEW.status = 'draft'
        OR (OLD.status = 'superseded' AND NEW.status <> 'superseded')
    THEN
        RAISE EXCEPTION 'A published requirement profile never changes.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER buyers_published_profile_stays BEFORE UPDATE ON buyers_requirementprofile
    FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION buyers_published_profile_stays();
"""
THAW = """
DROP TRIGGER buyers_published_profile_stays ON buyers_requirementprofile;
DROP FUNCTION buyers_published_profile_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('buyers', '0003_search_words'),
        ('catalogue', '0002_synonyms_and_former_sets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RequirementProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(blank=True, choices=[('store', 'Single store'), ('regional', 'Stores of a region'), ('via_vendor', 'Through a vendor of the chain'), ('national', 'The whole network'), ('export', 'Export')], max_length=10, verbose_name='channel')),
                ('market', models.CharField(choices=[('VN', 'Việt Nam'), ('CN', 'China'), ('JP', 'Japan'), ('KR', 'Korea'), ('EU', 'European Union'), ('US', 'United States'), ('AU', 'Australia and New Zealand')], default='VN', max_length=2, verbose_name='sold in')),
                ('version', models.PositiveIntegerField(default=1)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('superseded', 'Replaced')], default='draft', max_length=10)),
                ('minimum_stars', models.PositiveSmallIntegerField(choices=[(0, 'No stars needed'), (3, '3★'), (4, '4★'), (5, '5★')], default=0, verbose_name='OCOP stars')),
                ('required_papers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                ('preferred_papers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                ('needs_invoice', models.BooleanField(default=False, verbose_name='invoice needed')),
                ('needs_barcode', models.BooleanField(default=False, verbose_name='barcode needed')),
                ('test_report_months', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('weekly_capacity_kg', models.PositiveIntegerField(blank=True, null=True)),
                ('shelf_life_left_percent', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('payment_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('discount_percent', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('is_consignment', models.BooleanField(blank=True, null=True)),
                ('opening_cost_vnd', models.PositiveBigIntegerField(blank=True, null=True)),
                ('note', models.TextField(blank=True, max_length=1000)),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                ('confidence', models.CharField(choices=[('confirmed', 'Confirmed'), ('secondary', 'From reports'), ('unverified', 'Not verified')], default='confirmed', max_length=10)),
                ('default_code', models.CharField(blank=True, max_length=20)),
                ('created_at', models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
                ('banner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='profiles', to='buyers.banner')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.productcategory')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='profiles', to='buyers.buyergroup')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'requirement profile',
                'verbose_name_plural': 'requirement profiles',
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'published')), fields=('group', 'banner', 'category', 'channel', 'market'), name='requirement_profile_published_once', nulls_distinct=False), models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('group', 'banner', 'category', 'channel', 'market'), name='requirement_profile_draft_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('minimum_stars__in', [0, 3, 4, 5])), name='requirement_profile_stars'), models.CheckConstraint(condition=models.Q(models.Q(('discount_percent__isnull', True), ('discount_percent__lte', 100), _connector='OR'), models.Q(('shelf_life_left_percent__isnull', True), ('shelf_life_left_percent__lte', 100), _connector='OR')), name='requirement_profile_shares'), models.CheckConstraint(condition=models.Q(('status', 'draft'), ('published_at__isnull', False), _connector='OR'), name='requirement_profile_published_when')],
            },
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
