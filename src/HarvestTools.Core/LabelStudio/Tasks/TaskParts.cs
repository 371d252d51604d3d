namespace HarvestTools.LabelStudio.Tasks;

/// <summary>How much of a task is read; the rest is passed over. What is read means the same whoever asks.</summary>
[Flags]
internal enum TaskParts
{
    /// <summary>Tasks and annotations without their data and regions.</summary>
    Annotations = 0,

    /// <summary>Data, and regions by the places of their members: what the label hash walks.</summary>
    Regions = 1,

    /// <summary>What the members of regions say: kinds, texts, labels, numbers. Wrong numbers are errors.</summary>
    Shapes = 2 | Regions,

    /// <summary>A number that is none is taken as absent, not as an error.</summary>
    Tolerant = 4,

    /// <summary>Predictions, and the copies of them in annotations.</summary>
    Predictions = 8,

    /// <summary>What rows and their tally need.</summary>
    All = Shapes | Predictions,
}

internal static class TaskPartsExtensions
{
    /// <summary>As <see cref="Enum.HasFlag"/>, which makes an object of each value where code is not yet compiled for good.</summary>
    public static bool Has(this TaskParts parts, TaskParts wanted) => (parts & wanted) == wanted;
}
