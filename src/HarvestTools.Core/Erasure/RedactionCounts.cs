using HarvestTools.Strings;

namespace HarvestTools.Erasure;

/// <summary>What an export holds of a person or an episode, which a redacted export leaves out.</summary>
/// <param name="Tasks">Tasks that have something of it.</param>
/// <param name="WholeTasks">Those of them of which nothing stays.</param>
/// <param name="Annotations">Annotations; of an episode those of its tasks, or with a region on it.</param>
/// <param name="Drafts">Drafts, likewise.</param>
/// <param name="Mentions">Other places that name the person: who changed, reviewed or commented something, and e-mail addresses in texts.</param>
/// <param name="SharedTasks">Tasks that show another episode too: their regions on this one go, and the links of its media stay.</param>
/// <param name="Copies">Annotations of others that were begun as a copy of one of the person's. They stay.</param>
public sealed record RedactionCounts(long Tasks, long WholeTasks, long Annotations, long Drafts, long Mentions, long SharedTasks, long Copies)
{
    /// <summary>Nothing.</summary>
    public static RedactionCounts None { get; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>Tasks of which it is not known whether they are of the episode: a team's own program derives, and no row says it.</summary>
    public long Unknown { get; init; }

    /// <summary>Whether a redacted export would differ.</summary>
    public bool IsNothing => Tasks == 0;

    /// <summary>In words, for example <c>12 annotations, 1 draft and 3 mentions in 13 tasks</c>.</summary>
    public override string ToString()
    {
        List<string> parts = [];
        foreach ((long count, string one) in new[] { (Annotations, "annotation"), (Drafts, "draft"), (Mentions, "mention") })
        {
            if (count > 0)
            {
                parts.Add(Figures.Count(count, one));
            }
        }

        string tasks = Figures.Count(Tasks, "task");
        return parts.Count == 0 ? tasks : $"{Figures.List(parts)} in {tasks}";
    }

    internal RedactionCounts Plus(RedactionCounts other) => new(
        Tasks + other.Tasks,
        WholeTasks + other.WholeTasks,
        Annotations + other.Annotations,
        Drafts + other.Drafts,
        Mentions + other.Mentions,
        SharedTasks + other.SharedTasks,
        Copies + other.Copies)
    {
        Unknown = Unknown + other.Unknown,
    };
}
