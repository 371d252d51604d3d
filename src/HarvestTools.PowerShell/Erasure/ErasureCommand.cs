using System.Management.Automation;
using HarvestTools.Workflows;

namespace HarvestTools.PowerShell;

/// <summary>What all cmdlets of an erasure take: a person or an episode, in one project or in all.</summary>
public abstract class ErasureCommand : HarvestCommand
{
    /// <summary>Parameter set of a person.</summary>
    protected const string AnnotatorSet = "Annotator";

    /// <summary>Parameter set of an episode.</summary>
    protected const string EpisodeSet = "Episode";

    /// <summary>A person by the id in Label Studio.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AnnotatorSet, HelpMessage = "The person's id in Label Studio.")]
    public long Annotator { get; set; }

    /// <summary>An episode, or <c>task_subdir/episode</c>.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EpisodeSet, ValueFromPipelineByPropertyName = true, HelpMessage = "The episode, for example episode_0042.")]
    [ValidateNotNullOrEmpty]
    public string Episode { get; set; } = string.Empty;

    /// <summary>Only in exports of this project: ids are those of one Label Studio.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string? Project { get; set; }

    /// <summary>What is meant.</summary>
    private protected SourceQuery Subject =>
        (ParameterSetName == AnnotatorSet ? SourceQuery.OfAnnotator(Annotator) : SourceQuery.OfEpisode(Episode)) with { Project = Project };
}
