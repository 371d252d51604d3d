using HarvestTools.Derivation.Rows;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Derivation;

/// <summary>
/// Takes one task of an export apart: its labels become rows, and what else it has is counted. The two never meet, so
/// that a row cannot depend on what the label hash is blind to. One a worker.
/// </summary>
/// <param name="rules">The rules in force.</param>
/// <param name="fields">Where subdir, episode and frame come from.</param>
/// <param name="derivation">What the rules mean.</param>
/// <param name="config">The labeling configuration that was archived with the export; null where none was.</param>
/// <param name="overruled">See <see cref="LabelDeriver.Overruled"/>.</param>
internal sealed class TaskDeriver(
    HarvestRules rules, FieldMapping fields, DerivationVersion derivation, LabelConfig? config = null, OverruledList? overruled = null)
{
    private readonly LabelDeriver _labels = new(rules, fields, derivation, config) { Overruled = overruled };
    private readonly PeopleLabels _people = new();
    private readonly Provenance _provenance = new();

    /// <inheritdoc cref="LabelDeriver.Derive"/>
    public void Derive(ExportTask task, TaskRows rows, Tally tally)
    {
        _labels.Derive(task.Labels, task.Place, rows, tally);
        tally.Drafts += task.Extras.Drafts;
        if (task.Labels.Annotations.Count > 0)
        {
            _people.Begin(_labels.Media, tally);
            _provenance.Count(task, _labels.Kept, _people, tally);
        }
    }

    /// <inheritdoc cref="LabelDeriver.Yield"/>
    public void Yield(ExportTask task, long taskId, TaskRows rows, Tally tally)
    {
        _labels.Yield(task.Labels, task.Place, taskId, rows, tally);
        tally.Drafts += task.Extras.Drafts;
    }
}
