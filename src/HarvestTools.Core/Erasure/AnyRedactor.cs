using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Erasure;

/// <summary>Several redactors as one: what the first of them finds in a task counts. For an episode that definitions read in different ways.</summary>
internal sealed class AnyRedactor(IReadOnlyList<ITaskRedactor> redactors) : ITaskRedactor
{
    public RedactionCounts Found => redactors.Select(static one => one.Found).Aggregate(RedactionCounts.None, static (all, one) => all.Plus(one));

    public TaskFate Redact(in RawTask task, TextCuts cuts)
    {
        foreach (ITaskRedactor redactor in redactors)
        {
            TaskFate fate = redactor.Redact(task, cuts);
            if (fate != TaskFate.Stays)
            {
                return fate;
            }
        }

        return TaskFate.Stays;
    }
}
