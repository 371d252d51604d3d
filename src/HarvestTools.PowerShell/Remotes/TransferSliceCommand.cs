using System.Management.Automation;
using HarvestTools.Strings;
using HarvestTools.Work;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Moves what slices name between this machine and a remote, once for all slices of the pipeline.</summary>
public abstract class TransferSliceCommand : HarvestCommand
{
    private const int MostTransfers = 64;

    private readonly List<(HarvestRepository Repository, string Version)> _asked = [];

    /// <summary>The slices, or ranges such as v1..v3; all where none is named.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[]? Version { get; set; }

    /// <summary>The remote, by its name in harvest.json.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RemoteCompleter))]
    public string? Remote { get; set; }

    /// <summary>Also the Parquet tables.</summary>
    [Parameter]
    public SwitchParameter IncludeTable { get; set; }

    /// <summary>Also the media that the slices list.</summary>
    [Parameter]
    public SwitchParameter IncludeMedia { get; set; }

    /// <summary>How many transfers run at once.</summary>
    [Parameter]
    [ValidateRange(1, MostTransfers)]
    public int ThrottleLimit { get; set; } = TransferRequest.DefaultTransfers;

    /// <summary>What ShouldProcess asks: <c>Send</c>.</summary>
    private protected abstract string Verb { get; }

    private protected virtual TransferRequest Complete(TransferRequest request) => request;

    private protected abstract TransferResult Run(HarvestRepository repository, TransferRequest request, WorkContext context);

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        foreach (string version in Version is null ? [string.Empty] : Version.SelectMany(version => VersionsOf(repository, version)))
        {
            _asked.Add((repository, version));
        }
    }

    protected override void EndProcessing()
    {
        foreach (IGrouping<string, (HarvestRepository Repository, string Version)> asked in _asked.GroupBy(static one => one.Repository.Root))
        {
            // One that names no version, as a call without arguments does, means all.
            string[] versions = asked.Any(static one => one.Version.Length == 0) ? [] : [.. asked.Select(static one => one.Version)];
            Transfer(asked.First().Repository, Complete(new TransferRequest { Versions = versions, Remote = Remote, Tables = IncludeTable, Media = IncludeMedia, Transfers = ThrottleLimit }));
        }
    }

    private void Transfer(HarvestRepository repository, TransferRequest request)
    {
        if (IsWhatIf)
        {
            TransferResult planned = RunOrEnd(context => Run(repository, request with { DryRun = true }, context));
            foreach (TransferredItem item in planned.Items.Where(static item => item.Outcome == TransferOutcome.Pending))
            {
                _ = ShouldProcess(planned.Remote, $"{Verb} {item.What} {Figures.ShortHash(item.Sha256)} ({Figures.Size(item.Bytes)})");
            }

            return;
        }

        string remote = RunOrEnd(() => repository.RemoteNamed(Remote).Name);
        if (!ShouldProcess(remote, request.Versions.Count == 0 ? $"{Verb} all slices" : $"{Verb} {Figures.List(request.Versions)}"))
        {
            return;
        }

        TransferResult result = RunOrEnd(context => Run(repository, request, context));
        foreach (TransferredItem failed in result.Items.Where(static item => item.Error is not null))
        {
            WriteItemError(failed.Error!);
        }

        WriteOf(repository, result);
    }
}
