using System.IO.Enumeration;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Mlflow;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Lists models and runs with what is known of their trainings, in the order of the slices.</summary>
public static class ListModels
{
    /// <param name="repository">The repository.</param>
    /// <param name="name">A name, with <c>*</c> and <c>?</c> for any; null for all.</param>
    /// <param name="versions">The slices; empty for all.</param>
    /// <param name="mlflowRun">The id of a run in MLflow; null for any.</param>
    /// <param name="verify">Hash the files, of which each may have gigabytes.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <exception cref="HarvestException">ModelNotRegistered, SliceNotFound; a slice that was named cannot be read, or no slice that can be read has the model.</exception>
    public static IReadOnlyList<RegisteredModel> Run(Repository repository, string? name, IReadOnlyList<string> versions, bool verify, WorkContext context, string? mlflowRun = null)
    {
        SliceManifest[] slices = versions.Count > 0
            ? [.. versions.Select(version => repository.Slices.Load(version, context.Cancellation))]
            : [.. Readable(repository, context)];
        var marks = ProductionMarks.Open(repository);
        RegisteredModel[] models = [.. slices.SelectMany(RegisteredModels.Of).Select(marks.Of).Where(model => Matches(model.Name, name) || (name == ProductionLog.Alias && model.Production is not null))];
        if (models.Length == 0 && name is not null)
        {
            // Whether a slice that cannot be read has it is not known.
            RequireAll(repository, versions, context);
            throw BisectErrors.ModelNotRegistered(name, [.. slices.SelectMany(RegisteredModels.Of).Select(static model => model.Name).Distinct(StringComparer.Ordinal)]);
        }

        if (mlflowRun is not null)
        {
            models = [.. models.Where(model => model.MlflowRunId == mlflowRun)];
            if (models.Length == 0)
            {
                RequireAll(repository, versions, context);
                throw MlflowErrors.MlflowRunOfNobody(mlflowRun);
            }
        }

        return [.. models.Select(model => model with { File = FileOf(repository, model, verify, context) })];
    }

    /// <summary>The slices that cannot be read, each with its error: their models are missing in the list of all.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="versions">The slices that were asked for; where any is named there are none, since each that cannot be read is an error.</param>
    /// <param name="context">Cancellation.</param>
    public static IReadOnlyList<HarvestException> Unreadable(Repository repository, IReadOnlyList<string> versions, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(versions);
        ArgumentNullException.ThrowIfNull(context);
        return versions.Count > 0 ? [] : [.. repository.Slices.LoadAll(context.Cancellation).Select(static entry => entry.Error).OfType<HarvestException>()];
    }

    /// <exception cref="HarvestException">The error of the first slice that cannot be read.</exception>
    internal static void RequireAll(Repository repository, IReadOnlyList<string> versions, WorkContext context)
    {
        if (Unreadable(repository, versions, context) is [var first, ..])
        {
            throw first;
        }
    }

    internal static IEnumerable<SliceManifest> Readable(Repository repository, WorkContext context) =>
        SliceHistory.Of(repository.Slices.LoadAll(context.Cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>())
            .Reverse()
            .Select(entry => repository.Slices.Load(entry.Version, context.Cancellation));

    internal static bool Matches(string name, string? pattern) => pattern is null || FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), name, ignoreCase: false);

    private static string FileOf(Repository repository, RegisteredModel model, bool verify, WorkContext context)
    {
        if (model.Path is not { } path)
        {
            return ModelFile.Unknown;
        }

        if (path.Contains("://", StringComparison.Ordinal))
        {
            return ModelFile.Address;
        }

        string full;
        try
        {
            full = repository.Resolve(path);
        }
        catch (HarvestException)
        {
            return ModelFile.Unknown;
        }

        return !File.Exists(full) ? ModelFile.Gone
            : !verify || model.Sha256 is null ? ModelFile.There
            : FileHash.Compute(full, context.Bytes("Hashing", path, new FileInfo(full).Length), context.Cancellation) == model.Sha256 ? ModelFile.Same
            : ModelFile.Changed;
    }
}
