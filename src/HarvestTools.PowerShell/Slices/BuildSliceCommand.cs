using System.Management.Automation;
using HarvestTools.Derivation.Tallies;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Work;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Puts a slice's Parquet files into the cache: a hit, a link to a shared part, or a derivation.</summary>
// "Build" became an approved verb after the standard that this is compiled against.
[Cmdlet("Build", "Slice", DefaultParameterSetName = FileSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(BuiltTable), ParameterSetName = new[] { FileSet })]
[OutputType(typeof(Tally), ParameterSetName = new[] { TallySet })]
public sealed class BuildSliceCommand : SliceCommand
{
    private const string FileSet = "File";
    private const string TallySet = "Tally";

    /// <summary>Emit the files of these tables only; all are built.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TableNameCompleter))]
    public string[]? Table { get; set; }

    /// <summary>Emit what was kept and dropped instead of the files.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TallySet, HelpMessage = "Emits what was kept and dropped.")]
    public SwitchParameter Tally { get; set; }

    /// <summary>Runs a team's own program without asking whether it was trusted.</summary>
    [Parameter]
    public SwitchParameter TrustProgram { get; set; }

    private protected override bool TrustsPrograms => TrustProgram;

    /// <summary>A name that no table has is refused before anything is derived.</summary>
    private BuiltSlice Build(HarvestRepository repository, SliceManifest slice, WorkContext context)
    {
        BuildSlice.RequireTables(slice, Table ?? []);
        return BuildSlice.Run(repository, slice, context);
    }

    private protected override void ProcessSlice(HarvestRepository repository, SliceManifest slice)
    {
        if (!IsFirst(repository, slice.Version)
            || !ShouldProcess(slice.Version, "Build the slice's Parquet files in the cache")
            || RunItem(context => Build(repository, slice, context)) is not { } built)
        {
            return;
        }

        Announce($"Slice {built.Version} is in '{built.Folder}'.");
        if (!RegisteredModels.Of(slice).Any())
        {
            Announce($"Next: train on it, then Register-SliceModel {slice.Version} NAME PATH");
        }

        if (Tally)
        {
            var tally = PSObject.AsPSObject(built.Tally);
            tally.Properties.Add(new PSNoteProperty(nameof(built.Version), built.Version));
            WriteOf(repository, tally);
            return;
        }

        foreach (BuiltTable table in built.Tables.Where(table => TableName.IsAmong(Table, table.Table)))
        {
            WriteOf(repository, table);
        }
    }
}
