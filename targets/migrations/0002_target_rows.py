"""A row of a plan is no longer of villages alone: one level up it is of a commune."""

import pgtrigger.migrations
from django.db import migrations

TRIGGERS = {
    "villagetarget": ["raise_version", "insert_insert", "update_update", "delete_delete"],
    "villagetargetevent": ["append_only"],
}
CONSTRAINTS = [
    "one_target_row_per_village",
    "village_target_listed_within_households",
    "village_target_poor_reduction_within_start",
    "village_target_near_poor_reduction_within_start",
]


class Migration(migrations.Migration):
    dependencies = [("targets", "0001_initial")]

    operations = [
        *[
            pgtrigger.migrations.RemoveTrigger(model_name=model, name=name)
            for model, names in TRIGGERS.items()
            for name in names
        ],
        *[migrations.RemoveConstraint(model_name="villagetarget", name=name) for name in CONSTRAINTS],
        migrations.RenameModel("VillageTarget", "TargetRow"),
        migrations.RenameModel("VillageTargetEvent", "TargetRowEvent"),
        migrations.RenameField("targetrow", "village", "place"),
        migrations.RenameField("targetrowevent", "village", "place"),
    ]
