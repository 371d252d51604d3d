using HarvestTools.Strings;

namespace HarvestTools.Decisions.States;

/// <summary>One episode as a slice or the candidate holds it, over all its projects.</summary>
/// <param name="TaskSubdir">The task folder; may be empty.</param>
/// <param name="Episode">The episode's name, unique within its task folder.</param>
/// <param name="HasCorrection">Whether a person drew, changed or deleted a region.</param>
/// <param name="Digest">What people labelled: equal where they labelled alike, by whomever.</param>
internal sealed record EpisodeSnapshot(string TaskSubdir, string Episode, bool HasCorrection, string Digest)
{
    private static readonly string s_unlabelled = DigestOf(default);

    /// <summary>The text of a sum of labels.</summary>
    public static string DigestOf(Digest128 labels) => labels.ToString();

    /// <summary>An episode whose tasks are there and have no label any more.</summary>
    public static EpisodeSnapshot Emptied(string taskSubdir, string episode) => new(taskSubdir, episode, HasCorrection: false, s_unlabelled) { HasRows = false };

    /// <summary>How many different labels there are, those taken over from a prediction included.</summary>
    public long Labels { get; init; }

    /// <summary>Whether it has a row; one in which everything was deleted has none, and is no part of a corpus.</summary>
    public bool HasRows { get; init; } = true;

    /// <summary>Whether a prediction is known that its labels began from.</summary>
    public bool HasPrediction { get; init; } = true;

    /// <summary>Whether the labels of people differ from those of an earlier state of the same episode.</summary>
    public bool DiffersFrom(EpisodeSnapshot earlier) => Digest != earlier.Digest || Labels < earlier.Labels;
}
