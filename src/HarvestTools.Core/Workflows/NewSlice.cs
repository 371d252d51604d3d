using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Media;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Space;
using HarvestTools.Tables;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Makes a slice: derives its parts, writes slice.json once, and puts the tables into the cache.</summary>
public static class NewSlice
{
    /// <summary>What can be wrong with a request is found without writing a slice.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="context">Reads exports where their tasks are not in the cache, and derives where rules changed under their version; null goes by the cache alone, and leaves rules to <see cref="Run"/>.</param>
    /// <returns>The version that the slice would have.</returns>
    /// <exception cref="HarvestException">
    /// The version exists, an export, the parent or a rule is unknown, harvest.json has other rules under a version that a slice
    /// was made under, or a project would lose labels.
    /// </exception>
    public static string Check(Repository repository, NewSliceRequest request, WorkContext? context = null)
    {
        Plan plan = Checked(repository, request, context);
        var lists = new TaskLists(repository.CacheFolder);
        Func<SliceExport, ListedTask[]?> tasks = context is null ? export => lists.TryLoad(export.Sha256) : new LabelledTasks(repository, context).TryGet;
        ProjectIdentity.Require(repository, plan.Exports, tasks, context?.Threads ?? 1);
        _ = Losses(repository, request, plan, tasks);
        _ = ReadPins.Run(repository, request);
        return plan.Version;
    }

    /// <exception cref="HarvestException">The version exists, an export is unknown or at fault, a rule is wrong.</exception>
    public static NewSliceResult Run(Repository repository, NewSliceRequest request, WorkContext context)
    {
        // From the choice of exports to the slice.json that names them none of them may go.
        using IDisposable use = ArchiveUse.Begin(repository, context);

        // Before minutes of derivation; the version again when the manifest is written, in case another process was faster.
        Plan plan = Checked(repository, request, context);
        var tasks = new LabelledTasks(repository, context);
        ProjectIdentity.Require(repository, plan.Exports, tasks.TryGet, context.Threads);
        (SliceManifest? parent, IReadOnlyList<ProjectLoss> losses) = Losses(repository, request, plan, tasks.TryGet);
        IReadOnlyList<SliceExport> exports = ExportOverlap.Resolve(repository, plan.Exports, request.Prefer, tasks);
        HarvestDefinition definition = repository.Harvest;
        HarvestDefinition inForce = request.FilterOverrides.Count > 0
            ? definition with { Rules = definition.Rules.With(request.FilterOverrides) }
            : definition;
        if (definition.Program is not null)
        {
            ProgramTables.Require(repository, request, definition, exports, context);
        }

        var slice = new SliceManifest
        {
            Version = plan.Version,
            Parent = plan.Parent,
            Reason = request.Reason,
            CreatedAt = Timestamp.From(context.Clock.GetUtcNow()),
            WrittenBy = Release.Version,
            TrainedAt = request.TrainedAt is { } trained ? Timestamp.From(trained) : null,
            Exports = exports,
            HarvestVersion = definition.FullVersion,
            HarvestSha256 = definition.Sha256,
            IsProgram = definition.Program is not null,
            FormatVersion = FormatVersion.Current.Number,
            DerivationVersion = definition.Derivation.Number,
            FilterOverrides = request.FilterOverrides,
            ModelOutputs = request.ModelOutputs,
            EvalSet = EvalSet(repository, request.EvalSet, context),
            Pins = ReadPins.Run(repository, request),
        };
        if (request.IfChanged && !request.Media && parent is not null && SameLabels.Of(repository, parent, slice))
        {
            return NotMade(repository, parent, plan);
        }

        if (request is { Media: true, NoBuild: true })
        {
            throw MediaErrors.MediaNeedRows();
        }

        using var source = new PartSource(repository, context);
        IReadOnlyList<ExportNotice> notices = [];
        BuiltSlice? built = null;
        ProgramSource? program = null;
        if (!request.NoBuild && definition.Program is not null)
        {
            (slice, built, notices, program) = ProgramTables.Derive(repository, slice, definition, request, context);
            if (request is { IfChanged: true, Media: true } && parent is not null && parent.Media?.Sha256 == slice.Media?.Sha256 && SameLabels.Of(repository, parent, slice))
            {
                return NotMade(repository, parent, plan);
            }
        }
        else if (!request.NoBuild)
        {
            source.Prepare(plan.Version, exports, inForce);

            // A list with an indexer of its own: PowerShell does not find that of the type which '[..]' makes.
            slice = slice with { Exports = exports.Select(export => source.WithLabels(plan.Version, export, inForce)).ToList() };
            slice = slice with { Outputs = Derive(source, slice, inForce) };
            SliceManifest derived = slice;
            ExportNotice? missing = null;
            if (request.Media)
            {
                (MediaList list, missing) = ListMedia.Run(repository, exports.Select(export => source.Get(derived.Version, export, inForce).Part), source.Store, context);
                (string hash, _) = repository.Archive.Objects.AddBytes(list.ToBytes());
                slice = slice with { Media = list.Summary(hash) };
                if (request.IfChanged && parent is not null && parent.Media?.Sha256 == hash && SameLabels.Of(repository, parent, slice))
                {
                    return NotMade(repository, parent, plan);
                }
            }

            // Of one export alone nothing is compared, nor is made what the comparison takes.
            if (derived.Exports.Count > 1)
            {
                notices = [.. CopiedEpisodes.Find(derived.Exports.Select(export => (export.Project, source.Get(derived.Version, export, inForce).Part.Tally)))
                    .Select(static copied => ExportNotice.Of(ProjectErrors.EpisodesInTwoProjects(copied.Project, copied.Other, copied.Episodes)))];
            }

            notices = [.. notices, .. missing is null ? Array.Empty<ExportNotice>() : [missing], .. NewSliceLeaks.Find(
                repository, slice, check => check.SideOf(slice, source.Store, export => source.Store.TryLoad(source.Get(derived.Version, export, inForce).Part.Key, episodes: true)), request.AllowLeak, context)];
            losses = ProjectLosses.WithRows(losses, slice);
            if (!request.AllowShrink && parent is not null)
            {
                ProjectLosses.RequireRows(Unasked(request, losses), slice, parent);
            }
        }

        // Only now: of an attempt that fails nothing stays in the archive, which nothing would refer to.
        if (definition.Program is not null)
        {
            ProgramTables.Archive(repository, definition, context);
        }

        _ = repository.Archive.Objects.AddBytes(definition.ToCanonicalBytes());

        // The tables first: a fault on the way leaves a cache without a slice, which is no fault, and the same command goes on from it.
        built ??= request.NoBuild ? null : BuildSlice.Run(repository, slice, context, source);
        IReadOnlyList<TakenVersion> taken = plan.Taken;
        if (request.IfChanged && MadeMeanwhile(repository, slice, plan) is { } first)
        {
            return NotMade(repository, first, plan);
        }

        new RepositoryRegistry(repository.Archive).Add(
            repository, [.. SliceObjects.NamedBy(slice, definition.Program?.AllFiles ?? []).Select(static one => one.Sha256)], context.Clock.GetUtcNow());
        using FileLock? held = program?.Hold(slice, definition);
        SliceManifest? unfinished = repository.Slices.TryFinish(slice, definition);
        slice = unfinished ?? slice;
        string? path = unfinished is null ? TryCreate(repository, slice, definition, takeNext: request.Version is null) : repository.Slices.PathOf(slice.Version);
        while (path is null)
        {
            // Another process took the version: what it made may be the same.
            if (request.IfChanged && MadeMeanwhile(repository, slice, plan) is { } faster)
            {
                return NotMade(repository, faster, plan);
            }

            slice = slice with { Version = repository.Slices.NextFree(slice.Version, repository.Slices.AskElsewhere(), out IReadOnlyList<TakenVersion> others) };
            taken = [.. taken, .. others];
            path = TryCreate(repository, slice, definition, takeNext: true);
        }

        if (built is not null && built.Version != slice.Version)
        {
            built = built with { Version = slice.Version, Tables = [.. built.Tables.Select(table => table with { Version = slice.Version })] };
        }

        return new NewSliceResult(slice, path, built, ProjectLosses.Real(losses))
        {
            Unchanged = parent is null ? null : Unchanged(repository, parent, slice),
            PassedOver = plan.Unreadable,
            Taken = taken,
            Notices = [.. notices, .. NotHere(repository, slice)],
            Retired = [.. losses.Where(static loss => loss.Retired).Select(static loss => loss.Project)],
        };
    }

    /// <summary>Of an export whose part is in the cache no byte is read: that none is left would come up with the next check alone.</summary>
    private static IEnumerable<ExportNotice> NotHere(Repository repository, SliceManifest slice) => repository.Settings.Remotes.Count > 0 ? [] : slice.Exports
        .Where(export => !repository.Archive.Local.Holds(export.Sha256) && !File.Exists(SliceInputs.RecordedPath(repository, export)))
        .Select(export => ExportNotice.Of(DerivationErrors.ExportNotAvailable(slice.Version, export.Project, export.Sha256, remote: null, offline: false)));

    private static NewSliceResult NotMade(Repository repository, SliceManifest same, Plan plan) =>
        new(same, repository.Slices.PathOf(same.Version), null, []) { Made = false, PassedOver = plan.Unreadable };

    /// <summary>A slice that came after the parent was looked for and has the same labels; null where there is none.</summary>
    private static SliceManifest? MadeMeanwhile(Repository repository, SliceManifest slice, Plan plan) =>
        repository.Slices.Newest(plan.Unreadable) is { } newest && newest.Version != slice.Parent && newest.Media?.Sha256 == slice.Media?.Sha256 && SameLabels.Of(repository, newest, slice) ? newest : null;

    /// <param name="repository">The repository.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="context">Exports whose labels were not read yet are read where the newest is to be known; null reads nothing.</param>
    private static Plan Checked(Repository repository, NewSliceRequest request, WorkContext? context)
    {
        SliceManifest? unfinished = request.Version is { } wanted ? repository.Slices.TryLoadUnfinished(wanted) : null;
        if (request.Version is { } asked && unfinished is null && repository.Slices.Exists(asked))
        {
            throw SliceErrors.SliceExists(asked, repository.Slices.NextFree(asked));
        }

        Task<IReadOnlyList<(string Folder, string? Ref)>> elsewhere = repository.Slices.AskElsewhere();
        RemoteRecords.FetchMissing(repository, context?.Cancellation ?? CancellationToken.None);
        if (context is not null)
        {
            // What a refusal proposes is derived.
            HarvestVersionCheck.Require(repository, context);
        }

        List<SliceExport> exports = ExportSelection.Find(repository, request.Exports, context);
        _ = repository.Harvest.Rules.With(request.FilterOverrides);
        if (request.ModelOutputs.ContainsKey(ProductionLog.Alias))
        {
            throw RegisterErrors.ModelNameReserved(request.Version ?? "VERSION");
        }

        IReadOnlyList<SliceEntry> unreadable = repository.Slices.Unreadable(context?.Cancellation ?? default);

        // An unfinished slice is the newest itself, and does not follow itself.
        string? parent = unfinished is not null && request.Parent is null ? unfinished.Parent : Parent(repository, request.Parent, unreadable);
        IReadOnlyList<TakenVersion> taken = request.Version is { } given && unfinished is null ? repository.Slices.TakenElsewhere(given, elsewhere) : [];
        string version = request.Version ?? repository.Slices.NextFree(parent, elsewhere, out taken);
        return new Plan(version, parent, exports, unreadable, taken);
    }

    /// <summary>Records the slice. Null where another process took the next free version meanwhile: the one after it is as good.</summary>
    private static string? TryCreate(Repository repository, SliceManifest slice, HarvestDefinition definition, bool takeNext)
    {
        try
        {
            return repository.Slices.Create(slice, definition);
        }
        catch (HarvestException taken) when (takeNext && taken.ErrorId == nameof(SliceErrors.SliceExists))
        {
            return null;
        }
    }

    /// <summary>Somebody who meant to take in new labels should know that there were none.</summary>
    private static string? Unchanged(Repository repository, SliceManifest parent, SliceManifest slice)
    {
        if (slice.Media is not null && parent.Media?.Sha256 != slice.Media.Sha256)
        {
            return null;
        }

        if (SliceInputs.KeyOf(repository, parent) == SliceInputs.KeyOf(repository, slice))
        {
            return $"{slice.Version} is {parent.Version} again: the same exports under the same rules.";
        }

        return slice.Outputs.Count > 0 && Rows(parent).SequenceEqual(Rows(slice))
            ? $"No row differs from {parent.Version}, though exports or rules do."
            : null;

        static IEnumerable<string> Rows(SliceManifest of) => of.Outputs.Select(static output => $"{output.Table} {output.RowsSha256}").Order(StringComparer.Ordinal);
    }

    private static List<SliceOutput> Derive(PartSource source, SliceManifest slice, HarvestDefinition definition)
    {
        var outputs = new List<SliceOutput>();
        foreach (SliceExport export in slice.Exports)
        {
            Part part = source.Get(slice.Version, export, definition).Part;
            outputs.AddRange(Recorded(part.Tables).Select(table => new SliceOutput
            {
                Table = table.Table,
                Export = export.Sha256,
                Rows = table.Rows,
                Sha256 = table.Sha256,
                RowsSha256 = table.RowsSha256,
            }));
        }

        return outputs;
    }

    /// <summary>
    /// The tables that have rows. Of an export without any the last table stands for all of them, so that a slice of no rows
    /// differs from one that was never derived.
    /// </summary>
    private static IEnumerable<PartTable> Recorded(IReadOnlyList<PartTable> tables) =>
        tables.All(static table => table.Rows == 0) ? tables.TakeLast(1) : tables.Where(static table => table.Rows > 0);

    /// <summary>What the parent has and the exports lack; refused where it is too much.</summary>
    private static (SliceManifest? Parent, IReadOnlyList<ProjectLoss> Losses) Losses(
        Repository repository, NewSliceRequest request, Plan plan, Func<SliceExport, ListedTask[]?> tasks)
    {
        if (plan.Parent is null)
        {
            return (null, []);
        }

        SliceManifest parent = repository.Slices.Load(plan.Parent);
        if (!request.AllowShrink && request.Exports.Count == 0)
        {
            RequireNewest(repository, plan);
        }

        IReadOnlyList<ProjectLoss> losses = ProjectLosses.Find(repository, parent, plan.Exports, tasks);
        if (!request.AllowShrink)
        {
            ProjectLosses.RequireTasks(Unasked(request, losses), plan.Version, plan.Parent);
        }

        return (parent, losses);
    }

    /// <summary>
    /// What this machine takes for the newest export of a project is not, where a slice names a later one that another machine
    /// archived: a slice of the older one would silently take labels back.
    /// </summary>
    private static void RequireNewest(Repository repository, Plan plan)
    {
        SliceManifest[] slices = [.. repository.Slices.LoadAll().Select(static entry => entry.Manifest).OfType<SliceManifest>()];
        foreach ((SliceManifest slice, SliceExport newer, SliceExport here) in NewerElsewhere.All(repository, slices, plan.Exports))
        {
            // Where every night exports to one name, the file there is this machine's own.
            bool other = SliceInputs.RecordedPath(repository, newer) is { } path && File.Exists(path) && ExportContent.HashOf(path) != newer.Sha256;
            throw DerivationErrors.NewerExportNotHere(
                slice.Version, newer.Project, newer.Sha256, newer.Path ?? newer.Name, other, here.Sha256, repository.MakeRelative(repository.Archive.Folder) ?? repository.Archive.Folder);
        }
    }

    /// <summary>A project that the named exports leave out was left out on purpose.</summary>
    private static IEnumerable<ProjectLoss> Unasked(NewSliceRequest request, IReadOnlyList<ProjectLoss> losses) =>
        losses.Where(loss => loss.Export is not null || request.Exports.Count == 0);

    private static string? Parent(Repository repository, string? asked, IReadOnlyList<SliceEntry> unreadable)
    {
        if (asked is not null)
        {
            return repository.Slices.Load(asked).Version;
        }

        // Slices of another definition of harvest.json are another line; one whose name is not there any more was renamed.
        string[] others = [.. repository.Settings.Definitions.Names.Where(name => name != repository.Harvest.Name)];
        SliceManifest? newest = repository.Slices.Newest(unreadable);
        return newest is null || !others.Contains(newest.HarvestVersion.Split('@')[0]) ? newest?.Version
            : repository.Slices.LoadAll().Select(static entry => entry.Manifest).OfType<SliceManifest>()
                .Where(slice => !others.Contains(slice.HarvestVersion.Split('@')[0]))
                .MaxBy(static slice => (slice.CreatedAt ?? slice.TrainedAt)?.Instant ?? DateTimeOffset.MinValue)?.Version;
    }

    private static PinnedFile? EvalSet(Repository repository, string? asked, WorkContext context)
    {
        string? path = asked ?? repository.Settings.EvalSet;
        if (path is null)
        {
            return null;
        }

        string full = RepositoryPath.Resolve(repository.Root, RepositoryPath.Normalize(path));
        string hash = TreeHash.TryCompute(full, context.Cancellation) ?? throw DerivationErrors.EvalSetNotFound(path);
        return new PinnedFile { Path = RepositoryPath.Normalize(path), Sha256 = hash };
    }

    private sealed record Plan(string Version, string? Parent, List<SliceExport> Exports, IReadOnlyList<SliceEntry> Unreadable, IReadOnlyList<TakenVersion> Taken);
}
