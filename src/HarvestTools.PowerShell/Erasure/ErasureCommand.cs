using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>What all cmdlets of an erasure take: a person or an episode, in one project or in all.</summary>
public abstract class ErasureCommand : HarvestCommand
{
    /// <summary>Parameter set of a person.</summary>
    protected const string AnnotatorSet = "Annotator";

    /// <summary>Parameter set of an episode.</summary>
    protected const string EpisodeSet = "Episode";

    /// <summary>People by their ids in Label Studio.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AnnotatorSet, ValueFromPipeline = true, HelpMessage = "Ids of people in Label Studio.")]
    [ArgumentCompleter(typeof(AnnotatorCompleter))]
    public long[] Annotator { get; set; } = [];

    /// <summary>E-mail addresses of the person, besides those that exports have.</summary>
    [Parameter(ParameterSetName = AnnotatorSet)]
    [ValidateNotNullOrEmpty]
    public string[] Email { get; set; } = [];

    /// <summary>Episodes, or <c>task_subdir/episode</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EpisodeSet, ValueFromPipelineByPropertyName = true, HelpMessage = "Names of episodes, for example episode_0042.")]
    [ValidateNotNullOrEmpty]
    public string[] Episode { get; set; } = [];

    /// <summary>Only in exports of this project: ids are those of one Label Studio.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string? Project { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        foreach (SourceQuery subject in ParameterSetName == AnnotatorSet ? Annotator.Select(SourceQuery.OfAnnotator) : Episode.Select(SourceQuery.OfEpisode))
        {
            Process(repository, subject with { Project = Project, Emails = Email });
        }
    }

    /// <summary>Does it for one person or episode.</summary>
    private protected abstract void Process(HarvestRepository repository, SourceQuery subject);
}
