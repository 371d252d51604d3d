using System.Collections;
using System.Management.Automation;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Manifests;
using HarvestTools.Parameters;
using HarvestTools.Repositories;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Makes a slice: collects the exports of the whole pipeline, then derives and records once.</summary>
[Cmdlet(VerbsCommon.New, "Slice", DefaultParameterSetName = VersionSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(Slice))]
public sealed class NewSliceCommand : HarvestCommand
{
    private const string VersionSet = "Version";
    private const string NextSet = "Next";

    private readonly List<string> _selectors = [];
    private HarvestRepository? _opened;

    [Parameter(Position = 0, ParameterSetName = VersionSet)]
    [ValidateNotNullOrEmpty]
    public string? Version { get; set; }

    /// <summary>Takes the next free version after the parent's, as without a version.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NextSet, HelpMessage = "Takes the next free version after the parent's.")]
    public SwitchParameter Next { get; set; }

    [Parameter(Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExportCompleter))]
    public object[]? Export { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PreferCompleter))]
    public string? Prefer { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string? Parent { get; set; }

    /// <summary>The definition of harvest.json that it is made under; left out, the one that no other follows.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Definition { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(FilterRuleCompleter))]
    public FilterRules? FilterOverride { get; set; }

    [Parameter]
    [ValidateNotNull]
    public IDictionary? ModelOutput { get; set; }

    [Parameter]
    public DateTimeOffset? TrainedAt { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EvalSet { get; set; }

    [Parameter]
    public SwitchParameter AllowShrink { get; set; }

    /// <summary>The slice may have episodes or media that its eval set has.</summary>
    [Parameter]
    public SwitchParameter AllowLeak { get; set; }

    /// <summary>Files to pin by their hash, such as a lock file of dependencies.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? PinFile { get; set; }

    /// <summary>Parameter files to pin, whole or by key, as params.yaml:train.*.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? PinParameter { get; set; }

    /// <summary>Seeds to pin: a number, several numbers, or a dictionary of numbers by name.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Seed { get; set; }

    /// <summary>Makes none, and emits nothing, where a slice has the same labels under the same rules.</summary>
    [Parameter]
    public SwitchParameter IfChanged { get; set; }

    /// <summary>Lists the media that the rows name, each with its hash.</summary>
    [Parameter]
    public SwitchParameter IncludeMedia { get; set; }

    [Parameter]
    public SwitchParameter NoBuild { get; set; }

    /// <summary>Runs a team's own program without asking whether it was trusted.</summary>
    [Parameter]
    public SwitchParameter TrustProgram { get; set; }

    private protected override bool TrustsPrograms => TrustProgram;

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        _opened ??= repository;
        if (repository.Root != _opened.Root)
        {
            RunOrEnd<object>(() => throw CommandErrors.SeveralRepositories(_opened.Root, repository.Root));
        }

        foreach (object item in Export ?? [])
        {
            _selectors.AddRange(RunOrEnd(() => ExportSelector.Of(item, SessionState)));
        }
    }

    private string Resolved(string text)
    {
        var selection = ParameterSelection.Parse(text);
        return (selection with { Path = ItemPath.ExistingOrText(SessionState, selection.Path) }).ToString();
    }

    protected override void EndProcessing()
    {
        // An empty pipeline is not a missing parameter: a filter that matched nothing must not make a slice of everything.
        if (MyInvocation.ExpectingInput && _selectors.Count == 0)
        {
            RunOrEnd<object>(() => throw CommandErrors.NoExportPiped(Version));
        }

        HarvestRepository repository = _opened ?? OpenRepository();
        repository.Definition = Definition;
        NewSliceRequest request = RunOrEnd(() => new NewSliceRequest(Version)
        {
            Exports = _selectors,
            Prefer = Prefer,
            Parent = Parent,
            Reason = Reason,
            FilterOverrides = FilterOverride?.ToJson() ?? [],
            ModelOutputs = Models(),
            TrainedAt = TrainedAt,
            EvalSet = EvalSet is null ? null : EvalSetPath(repository, EvalSet),
            PinnedFiles = [.. (PinFile ?? []).Select(file => ItemPath.ExistingOrText(SessionState, file))],
            PinnedParameters = [.. (PinParameter ?? []).Select(Resolved)],
            Seeds = JsonValues.FromSeed(Seed),
            AllowShrink = AllowShrink,
            AllowLeak = AllowLeak,
            IfChanged = IfChanged,
            Media = IncludeMedia,
            NoBuild = NoBuild,
        });

        // Also with -WhatIf, which is asked to find out whether the command would work.
        bool whatIf = IsWhatIf;
        string version = RunOrEnd<string>(context => NewSlice.Check(repository, request, whatIf ? context : null));
        if (ShouldProcess(version, NoBuild ? "Record slice without building it" : "Derive and record slice"))
        {
            NewSliceResult made = RunOrEnd(context => NewSlice.Run(repository, request, context));
            foreach (SliceEntry broken in made.PassedOver)
            {
                WriteWarning($"{broken.PassedOver} {broken.Error!.Remedy.Spell(CmdletSpelling.Instance)}");
            }

            if (!made.Made)
            {
                Announce($"No slice was made: {made.Slice.Version} has the same labels under the same rules.");
                return;
            }

            if (made.Taken.Count > 0)
            {
                WriteWarning(Version is null
                    ? $"{made.Slice.Version} is the next free version{(made.Slice.Parent is null ? "" : $" after {made.Slice.Parent}")}: {TakenVersion.Describe(made.Taken)}."
                    : $"{TakenVersion.Describe(made.Taken)}, and {made.Slice.Version} was made here too: merging the two will conflict.");
            }

            Announce($"Recorded slice {made.Slice.Version} of {string.Join(", ", made.Slice.Exports)} in '{made.ManifestPath}'.");
            var slice = Slice.Of(made.Slice, repository, made.Built?.Tally);
            if (slice.Rows == 0)
            {
                WriteWarning($"Slice {slice.Version} has no rows. 'Build-Slice {slice.Version} -Tally' shows what was dropped, and why.");
            }

            if (made.Unchanged is not null)
            {
                WriteWarning(made.Unchanged);
            }

            foreach (ExportNotice notice in made.Notices)
            {
                WriteNotice(notice);
            }

            foreach (ProjectLoss loss in made.Losses)
            {
                WriteWarning(LossText.Of(loss, made.Slice.Parent!));
            }

            foreach (string project in made.Retired)
            {
                Announce(LossText.OfRetired(project, slice.Version));
            }

            Announce($"Next: {(made.Built is null ? "Build-Slice" : "Test-SliceDrift")} {slice.Version}, then commit '{made.ManifestPath}'");

            foreach (TallyNote note in made.Built?.Tally.Notes.Where(static note => note.IsWarning) ?? [])
            {
                WriteWarning($"Slice {slice.Version}: {note.Message}. {note.Remedy.Spell(CmdletSpelling.Instance)}");
            }

            WriteObject(slice);
        }
    }

    private OrderedDictionary<string, string> Models()
    {
        var models = new OrderedDictionary<string, string>();
        foreach (DictionaryEntry model in JsonValues.InOrder(ModelOutput))
        {
            models.Add(model.Key.ToString()!, model.Value?.ToString() ?? string.Empty);
        }

        return models;
    }

    /// <summary>A path that exists from the current location is meant; any other is left to the engine, which knows the repository's own.</summary>
    private string EvalSetPath(HarvestRepository repository, string path)
    {
        string full = ItemPath.Resolve(SessionState, path);
        return System.IO.Path.Exists(full) && repository.MakeRelative(full) is { } relative ? relative : path;
    }
}
