using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Erasure;

/// <summary>What becomes of a task.</summary>
internal enum TaskFate
{
    /// <summary>Not a byte of it changes.</summary>
    Stays,

    /// <summary>Parts of it go.</summary>
    Changes,

    /// <summary>It goes whole.</summary>
    Goes,
}

/// <summary>Finds in tasks what is to be erased. One a thread.</summary>
internal interface ITaskRedactor
{
    /// <summary>What was found so far.</summary>
    RedactionCounts Found { get; }

    /// <summary>Finds what goes of a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cuts">Receives what goes of a task that changes; empty otherwise.</param>
    /// <exception cref="HarvestException">The task is not well-formed.</exception>
    TaskFate Redact(in RawTask task, TextCuts cuts);
}
