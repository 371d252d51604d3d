using System.Management.Automation;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Archives exports: one pass that copies, hashes and reads the labels.</summary>
[Cmdlet(VerbsCommon.Add, "Export", DefaultParameterSetName = DefaultSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AddedExport))]
public sealed class AddExportCommand : FileCommand
{
    private LabelConfigFile? _labelConfig;
    private readonly HashSet<string> _projects = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<ExportNotice>> _older = new(StringComparer.Ordinal);
    private HarvestRepository? _added;

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string? Project { get; set; }

    [Parameter]
    public SwitchParameter NoLabels { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LabelConfig { get; set; }

    [Parameter]
    public SwitchParameter Newest { get; set; }

    private protected override void ProcessFile(string path)
    {
        HarvestRepository repository = OpenRepository();

        // Read once for all files; what is wrong with it is wrong for each of them.
        _labelConfig ??= LabelConfig is null ? null : RunOrEnd(() => LabelConfigFile.Read(ItemPath.ResolveFile(SessionState, LabelConfig)));
        if (NoLabels && Project is null)
        {
            WriteItemError(CommandErrors.ProjectNotRead(path));
            return;
        }

        if (WouldWork(context => AddExport.Check(repository, path, Project, context, labels: !NoLabels))
            && ShouldProcess(path, Project is null ? "Archive export" : $"Archive export under project '{Project}'")
            && RunItem(context => AddExport.Run(repository, path, Project, context, labels: !NoLabels, _labelConfig, Newest)) is { } added)
        {
            _added = repository;
            Announce(added.Added
                ? $"Archived '{path}' as {added.Sha256}."
                : $"'{path}' is archived already as {added.Sha256}; no second copy was made.");
            if (_labelConfig is not null)
            {
                Announce($"Archived the labeling configuration '{_labelConfig.Path}' with it as {_labelConfig.Sha256}.");
            }

            foreach (ExportNotice notice in added.Notices)
            {
                if (!AddExport.IsNotNewest(notice))
                {
                    WriteNotice(notice);
                }
                else if (!_older.TryAdd(added.Project, [notice]))
                {
                    _older[added.Project].Add(notice);
                }
            }

            // A notice says what to do, and an export that is archived already gives no other slice.
            if (added is { Added: true, Notices.Count: 0 })
            {
                Announce("Next: New-Slice");
            }

            _projects.Add(added.Project);
            WriteOf(repository, added);
        }
    }
    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (_added is not null)
        {
            AddExport.Finish(_added);
            HarvestRepository repository = _added;
            foreach ((string project, List<ExportNotice> several) in _older)
            {
                WriteNotice(AddExport.NotNewest(repository, project, several));
            }

            foreach (PackedExport packed in RunItem(context => PackExports.Automatically(repository, _projects, context)) ?? [])
            {
                Announce($"Packed {packed.Project}-{packed.Sha256[..12]}: {packed.Bytes} bytes take {packed.StoredBytes}.");
            }
        }
    }
}
