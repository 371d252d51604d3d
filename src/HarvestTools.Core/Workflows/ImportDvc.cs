using HarvestTools.Dvc;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Makes a stage of DVC the harvest definition, and of what it wrote by dvc.lock a slice. All of it is verified before anything is
/// written, and nothing is run.
/// </summary>
public static class ImportDvc
{
    /// <summary>What the stage would become; nothing is written.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="request">The stage.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">
    /// DvcFileNotFound, DvcFileOutside, DvcFileInvalid, DvcStageUnknown, DvcStageUnnamed, DvcStageNotImportable, DvcLockDiffers, DvcDataMissing, DvcDataDamaged,
    /// DvcDefinitionExists; a file cannot be read.
    /// </exception>
    public static DvcImport Plan(Repository repository, DvcImportRequest request, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        return Described(DvcImportPlan.Make(repository, request, context));
    }

    /// <summary>Archives the exports, writes harvest.json, and makes the slice of a stage that dvc.lock has.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="request">The stage.</param>
    /// <param name="context">Threads, progress, cancellation, clock.</param>
    /// <exception cref="HarvestException">As <see cref="Plan"/>; an export is none that can be archived, or the slice cannot be made.</exception>
    public static DvcImport Run(Repository repository, DvcImportRequest request, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        DvcImportPlan plan = DvcImportPlan.Make(repository, request, context);
        if (plan.Outputs.Count == 0)
        {
            Write(repository, plan.Definition);
            return Described(plan) with { Written = true };
        }

        string[] exports = [.. plan.Exports.Select(export => Add(repository, export.File, context))];
        AddExport.Finish(repository);
        HarvestSettings before = Write(repository, plan.Definition);
        try
        {
            return Described(plan) with { Written = true, Version = SliceOf(Again(repository, plan.Definition.Name), plan, exports, request.Version, context) };
        }
        catch
        {
            // A definition without its slice would be half an import.
            before.Write(repository.SettingsPath);
            throw;
        }
    }

    private static DvcImport Described(DvcImportPlan plan) => new(plan.Stage.Name, plan.File, plan.Definition.FullVersion, plan.Resolved.Sha256)
    {
        Definition = plan.Definition.ToJson(),
        Command = plan.Definition.Program!.Run,
        Exports = [.. plan.Exports.Select(static export => new DvcImportedFile(export.File.Path, export.Tracked ? export.File.Md5 : null, export.Sha256, export.Bytes))],
        Outputs = [.. plan.Outputs.Select(static output => new DvcImportedFile(output.Name, output.File.Md5, FileHash.Compute(output.File.File), new FileInfo(output.File.File).Length))],
        Notes = plan.Notes,
        WhyNoSlice = plan.WhyNoSlice,
    };

    /// <summary>Archives an export; one out of DVC's cache under the path or name that it has in its place.</summary>
    /// <returns>What a slice's exports are named by.</returns>
    private static string Add(Repository repository, DvcFile file, WorkContext context)
    {
        if (repository.MakeRelative(file.File) == file.Path)
        {
            return Added(file.File, null);
        }

        string folder = Directory.CreateTempSubdirectory("harvest-dvc-").FullName;
        try
        {
            string named = Path.Combine(folder, DvcPaths.NameOf(file.Path));
            using (FileStream from = AtomicFile.OpenRead(file.File))
            {
                AtomicFile.Write(named, to => StreamCopy.Run(from, to, file.File, named, context.Cancellation));
            }

            // Where another version is checked out, its place has other bytes, and no check is to find them changed.
            return Added(named, FileKinds.Of(repository.Resolve(file.Path)) == FileKind.None ? file.Path : null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        string Added(string path, string? recordedAs)
        {
            AddedExport added;
            try
            {
                added = AddExport.RunAs(repository, path, null, context, labels: true, labelConfig: null, newest: false, recordedAs);
            }
            catch (HarvestException fault) when (fault.ErrorId == nameof(AddErrors.ProjectUnknown))
            {
                added = AddExport.RunAs(repository, path, DvcImportPlan.Name(Path.GetFileNameWithoutExtension(path)), context, labels: true, labelConfig: null, newest: false, recordedAs);
            }

            return $"{added.Project}-{added.Sha256}";
        }
    }

    /// <returns>The settings as they were.</returns>
    private static HarvestSettings Write(Repository repository, HarvestDefinition definition)
    {
        repository.EnsureIgnored();
        using FileLock exclusive = FileLock.Acquire(Path.Combine(repository.LocksFolder, "settings"));
        HarvestSettings settings = HarvestSettings.Load(repository.SettingsPath);
        HarvestDefinitions definitions = settings.Definitions.With(definition);
        (settings with { Harvest = definitions.Standard, Definitions = definitions }).Write(repository.SettingsPath);
        return settings;
    }

    /// <summary>The repository with what harvest.json has now.</summary>
    private static Repository Again(Repository repository, string name)
    {
        Repository again = Repository.Find(repository.Root);
        (again.Offline, again.TrustPrograms, again.Trust, again.Notice) = (repository.Offline, repository.TrustPrograms, repository.Trust, repository.Notice);
        again.Definition = name;
        return again;
    }

    /// <returns>Its version; that of one which has the same exports under the same definition, where there is one.</returns>
    private static string SliceOf(Repository repository, DvcImportPlan plan, string[] exports, string? version, WorkContext context)
    {
        HashSet<string> wanted = [.. exports];
        SliceManifest? same = repository.Slices.LoadAll().Select(static entry => entry.Manifest).OfType<SliceManifest>()
            .FirstOrDefault(slice => slice.HarvestSha256 == repository.Harvest.Sha256 && wanted.SetEquals(slice.Exports.Select(static export => $"{export.Project}-{export.Sha256}")));
        return same?.Version ?? NewSlice.Run(
            repository,
            new NewSliceRequest(version)
            {
                Exports = exports,
                Reason = $"imported from the stage {plan.Stage.Name} of DVC",
                AllowShrink = true,
                Written = [.. plan.Outputs.Select(static output => new ProgramTableFile(output.Name, output.File.File))],
            },
            context).Slice.Version;
    }
}
