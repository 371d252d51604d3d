using HarvestTools.Cache;
using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Manifests;
using HarvestTools.Reports;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// What the report shows beyond the manifests: rules, what derivations counted, the gates. All of it is read from records that
/// other commands left; nothing is derived and no remote is asked, so that a report is written in seconds. What is not here is
/// unknown, never zero.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="context">The clock, progress and cancellation.</param>
internal sealed class ReportReader(Repository repository, WorkContext context)
{
    private readonly PartStore _parts = new(repository.CacheFolder, new(() => repository.OpenStatCache(trusted: true)));
    private readonly Dictionary<string, HarvestDefinition?> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tally?> _tallies = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Definition, string Export), string> _keys = [];

    /// <summary>The data with all that is known here.</summary>
    public ReportData Complete(ReportData data)
    {
        bool offline = repository.Offline;
        repository.Offline = true;
        try
        {
            (RetrainDecision? decision, string? unknown) = Decide(data);
            return data with
            {
                Facts = data.Slices.ToDictionary(static slice => slice.Key, slice => FactsOf(slice.Value), StringComparer.Ordinal),
                Decision = decision,
                DecisionUnknown = unknown,
            };
        }
        finally
        {
            repository.Offline = offline;
        }
    }

    private SliceFacts FactsOf(SliceManifest slice)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        string key = SliceInputs.KeyOf(repository, slice);
        HarvestDefinition? definition = DefinitionOf(slice);
        return new SliceFacts(key, DatasetDigest.Of(key, slice), definition, [.. slice.Exports.Select(export => definition is null ? null : CountsOf(export, definition))]);
    }

    /// <summary>Slices in a row are mostly of one definition, which is read and parsed once.</summary>
    private HarvestDefinition? DefinitionOf(SliceManifest slice)
    {
        string name = slice.HarvestSha256 is { } sha256
            ? $"{sha256} {slice.FormatVersion} {slice.DerivationVersion} {slice.FilterOverrides.ToJsonString()}"
            : $"of {slice.Version}";
        if (!_definitions.TryGetValue(name, out HarvestDefinition? definition))
        {
            try
            {
                definition = SliceInputs.Definition(repository, slice);
            }
            catch (HarvestException)
            {
                // A check says why; the page says that the rules are not known here.
                definition = null;
            }

            _definitions.Add(name, definition);
        }

        return definition;
    }

    private Tally? CountsOf(SliceExport export, HarvestDefinition definition)
    {
        if (definition.Program is not null)
        {
            // Its program dropped what it dropped, and counted nothing here.
            return null;
        }

        var name = (definition.Sha256, $"{export.Project} {export.Sha256} {export.LabelSha256} {export.LabelVersion} {export.LabelConfigSha256} {string.Join(',', export.SupersededBy)}");
        if (!_keys.TryGetValue(name, out string? key))
        {
            _keys.Add(name, key = SliceInputs.PartKeyOf(repository, export, definition));
        }

        if (!_tallies.TryGetValue(key, out Tally? tally))
        {
            _tallies.Add(key, tally = _parts.TryLoadTally(key));
        }

        return tally;
    }

    private (RetrainDecision? Decision, string? Unknown) Decide(ReportData data)
    {
        string decide = data.Commands.Spell(new RemedyAction.ShowRetrainState());
        if (data.Faults.Count > 0)
        {
            return (null, $"{Figures.Count(data.Faults.Count, "slice")} cannot be read.");
        }

        try
        {
            return (RetrainDecider.Decide(RetrainStateReader.RunCached(repository, context), repository.Settings.Retrain), null);
        }
        catch (PartNotCachedException)
        {
            return (null, $"Rows that the gates count are not in the cache, and a report derives nothing: {decide} does.");
        }
        catch (HarvestException missing) when (missing.ErrorId == nameof(DecisionErrors.StateNotReadable))
        {
            // Its message names folders of this machine, and the page goes to others.
            return (null, "Exports that the gates compare are not on this machine.");
        }
        catch (HarvestException fault)
        {
            return (null, fault.Message);
        }
    }
}
