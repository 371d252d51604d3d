using HarvestTools.Strings;

namespace HarvestTools.History;

/// <summary>What was registered in words, the same in the program and in PowerShell.</summary>
public static class RegisteredModelText
{
    /// <summary><c>registered</c>, <c>updated</c>, <c>replaced</c>, <c>registered already</c>.</summary>
    /// <param name="model">The model.</param>
    public static string Outcome(RegisteredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Outcome switch
        {
            RegisterOutcome.Registered => "registered",
            RegisterOutcome.Updated => "updated",
            RegisterOutcome.Replaced => "replaced",
            _ => "registered already",
        };
    }

    /// <summary>When it was trained and how that is known; null where no date is.</summary>
    /// <param name="model">The model.</param>
    public static string? Training(RegisteredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.TrainedAt is not { } time ? null : $"trained {Figures.Time(time)} UTC" + model.TrainedAtFrom switch
        {
            TrainingDate.Slice => $", the training date that {model.Version} has already",
            TrainingDate.Registering => ", the time of registering, since no training date was given",
            _ => string.Empty,
        };
    }

    /// <summary>That an older slice counts as trained last now; null where it does not.</summary>
    /// <param name="model">The model.</param>
    public static string? Overtaking(RegisteredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Overtakes is { } other
            ? $"Slice {model.Version} counts as trained last now, though {other} was made after it and has a model: without a training date, the time of registering is taken."
            : null;
    }
}
