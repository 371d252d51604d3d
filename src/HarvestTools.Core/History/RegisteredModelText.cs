using HarvestTools.Manifests;
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

    /// <summary>That it is in production; null where it is not.</summary>
    /// <param name="model">The model.</param>
    public static string? Production(RegisteredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Production switch
        {
            null => null,
            ProductionState.Replaced => "in production, with another artifact than it was put there",
            _ => "in production",
        };
    }

    /// <summary>That what was registered took the place of the artifact that is in production; null where it did not.</summary>
    /// <param name="model">The model, as registering it gives it.</param>
    public static string? ProductionReplaced(RegisteredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model is { Production: ProductionState.Replaced, Outcome: RegisterOutcome.Replaced }
            ? $"The model '{model.Name}' of {model.Version} is in production, and it was put there with another artifact: what is in production did not move."
            : null;
    }

    /// <summary>What is known of the training, a line each; none where nothing is.</summary>
    /// <param name="model">The model.</param>
    public static IEnumerable<string> Facts(RegisteredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Parameters.Count > 0)
        {
            yield return $"params {string.Join(", ", model.ParameterTexts)}";
        }

        if (model.GitCommit is { } commit)
        {
            yield return $"commit {Figures.ShortHash(commit)}{(model.GitDirty ? ", with changes that are not committed" : "")}";
        }

        if (model.Seeds is not null)
        {
            yield return $"seed {model.Seeds}";
        }

        if (model.Hardware is not null)
        {
            yield return $"hardware {model.Hardware}";
        }

        if (model.MlflowRunId is { } run)
        {
            yield return $"MLflow run {run}{(model.Link is { } link ? $"  {link}" : "")}";
        }

        foreach (PinnedFile file in model.Dependencies)
        {
            yield return $"dependency {file.Path}  {Figures.ShortHash(file.Sha256 ?? "-")}";
        }
    }
}
