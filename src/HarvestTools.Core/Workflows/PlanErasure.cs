using HarvestTools.Archive;
using HarvestTools.Erasure;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Space;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Says what the erasure of a person's work or an episode touches, and writes what takes the place of it: redacted exports that name
/// their origin, and a harvest definition that leaves the person or the episode out. Nothing is removed and no slice changes.
/// </summary>
public static class PlanErasure
{
    /// <summary>What an erasure touches; nothing is written.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">An annotator or an episode, in one project or in all.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">NothingToErase; an export cannot be read.</exception>
    public static ErasurePlan Preview(Repository repository, SourceQuery subject, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(subject);
        return Find(repository, subject, context, out _);
    }

    /// <summary>Writes redacted exports and the rule.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">An annotator or an episode, in one project or in all.</param>
    /// <param name="context">Threads, progress, clock, cancellation.</param>
    /// <param name="rule">
    /// Whether harvest.json gets a definition that leaves it out, under a version that no slice was made under; not for one project alone,
    /// since the rule is for all.
    /// </param>
    /// <exception cref="HarvestException">NothingToErase; an export cannot be read; archive or harvest.json cannot be written.</exception>
    public static ErasurePlan Write(Repository repository, SourceQuery subject, WorkContext context, bool rule = true)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(subject);
        using IDisposable use = ArchiveUse.Begin(repository, context);
        ErasurePlan plan = Find(repository, subject, context, out ErasureSearch search);
        var written = new List<ErasedExport>();
        foreach (ErasedExport export in plan.Exports)
        {
            written.Add(export.RedactedSha256 is null && search.Records.TryGetValue($"{export.Project} {export.Sha256}", out ExportRecord? origin)
                ? export with { RedactedSha256 = Redact(repository, subject, search, origin, context) }
                : export);
        }

        repository.Archive.KeepIndex();
        plan = plan with { Exports = written, Written = true };
        if (rule && WritesRule(repository, subject))
        {
            HarvestDefinition definition = LeaveOut(repository, subject, search.Slices);
            plan = plan with { HarvestVersion = definition.FullVersion, Exclude = definition.Rules.Exclude };
        }

        return plan with { Next = Next(subject, plan, search) };
    }

    /// <summary>The exports that hold something of it.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">An annotator or an episode.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="search">Where it was looked.</param>
    /// <param name="notRead">Exports that are not on this machine.</param>
    /// <exception cref="HarvestException">NothingToErase; an export cannot be read.</exception>
    internal static IReadOnlyList<ErasedExport> Held(
        Repository repository, SourceQuery subject, WorkContext context, out ErasureSearch search, out IReadOnlyList<string> notRead)
    {
        search = new ErasureSearch(repository, subject, context);
        search.FindNames();
        var exports = new List<ErasedExport>();
        var absent = new List<string>();
        notRead = absent;
        foreach (SliceExport export in search.Exports)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            RedactionCounts? looked = search.Look(export);
            search.Note(export, looked ?? RedactionCounts.None);
            if (looked is not { } holds)
            {
                if (repository.Archive.RemovedAt(export.Sha256) is null)
                {
                    absent.Add(export.FileStem);
                }
            }
            else if (!holds.IsNothing)
            {
                exports.Add(new ErasedExport(export.Project, export.Sha256, export.Path ?? export.Name, holds)
                {
                    Slices = search.SlicesOf(export.Sha256),
                    RedactedSha256 = search.Records.Values.FirstOrDefault(record => record.Project == export.Project && record.RedactedFrom == export.Sha256
                        && subject.IsLeftOutBy(record.Redacted))?.Sha256,
                });
            }
        }

        if (exports.Count == 0)
        {
            throw EraseErrors.NothingToErase(subject.ToString(), subject.ToErase(ErasureStep.Prove), absent, search.Unknown is [] ? null : string.Join(' ', search.Unknown.Select(static one => one.Reason)), search.Unknown is [var first, ..] ? first.Remedy : null);
        }

        return exports;
    }

    private static ErasurePlan Find(Repository repository, SourceQuery subject, WorkContext context, out ErasureSearch search)
    {
        IReadOnlyList<ErasedExport> exports = Held(repository, subject, context, out search, out IReadOnlyList<string> notRead);
        HashSet<string> held = [.. exports.Select(static export => export.Sha256)];

        // Of an export that was removed for somebody else, what is left of it says what was in it.
        for (int before = 0; before < held.Count;)
        {
            before = held.Count;
            held.UnionWith(search.Records.Values.Where(record => record.RedactedFrom is not null && held.Contains(record.Sha256)).Select(static record => record.RedactedFrom!));
        }

        var faults = new List<(SliceManifest Slice, HarvestException Fault)>();
        ErasedSlice[] slices =
        [
            .. from slice in search.Slices
               let holding = slice.Exports.Count(export => held.Contains(export.Sha256) && (subject.Project is null || export.Project == subject.Project))
               where holding > 0
               let erased = slice.Exports.Any(export => repository.Archive.RemovedAt(export.Sha256) is not null)
               select new ErasedSlice(slice.Version, erased ? null : RowsOf(repository, slice, subject with { Version = slice.Version }, faults, context), holding, [.. RegisteredModels.Of(slice)]),
        ];
        HashSet<string> touched = [.. slices.Select(static slice => slice.Version)];
        return new ErasurePlan(
            subject.ToString(),
            exports,
            slices,
            [.. search.Slices.Select(static slice => slice.Version).Where(version => !touched.Contains(version))],
            [.. slices.Where(static slice => slice.Rows is null or > 0).SelectMany(static slice => slice.Models)],
            notRead)
        {
            WritesRule = WritesRule(repository, subject),
            NotKnown = [.. UnknownRows.Of(faults).Concat(search.Unknown).DistinctBy(static one => one.Reason)],
        };
    }

    /// <summary>A team's own program leaves out what it leaves out; redacted exports are all that it is given. A rule is for all projects.</summary>
    private static bool WritesRule(Repository repository, SourceQuery subject) => subject.Project is null && repository.Settings.Harvest.Program is null;

    /// <summary>The rows of one slice; null where they are not known here.</summary>
    private static long? RowsOf(
        Repository repository, SliceManifest slice, SourceQuery subject, List<(SliceManifest Slice, HarvestException Fault)> faults, WorkContext context)
    {
        try
        {
            long rows = TraceReach.Of(repository, subject, context).Sum(static share => share.Rows ?? 0);
            return SaysAll() || rows > 0 ? rows : null;
        }
        catch (HarvestException unknown) when (unknown.ErrorId is nameof(ReachErrors.AnnotatorUnknown) or nameof(ReachErrors.EpisodeUnknown))
        {
            return SaysAll() ? 0 : null;
        }
        catch (HarvestException missing) when (missing.ErrorId is nameof(ReachErrors.SourceNotTraceable) or nameof(ProgramColumnErrors.ColumnLacking) || CompareProgramSlices.IsNotKnown(missing))
        {
            faults.Add((slice, missing));
            return null;
        }

        bool SaysAll()
        {
            bool all = ProgramShares.SayAll(repository, subject, context);
            if (!all)
            {
                faults.Add((slice, ProgramColumnErrors.RowsSilent([slice.Version], ProgramShares.RoleOf(subject.Kind))));
            }

            return all;
        }
    }

    /// <summary>Archives an export without what is to be erased.</summary>
    private static string Redact(Repository repository, SourceQuery subject, ErasureSearch search, ExportRecord origin, WorkContext context)
    {
        SliceExport export = ExportSelection.ToSliceExport(origin);
        using PendingObject pending = repository.Archive.Objects.BeginAdd();
        _ = SliceInputs.Read(repository, export, "Redacting", context, (stream, progress) =>
            (0, RedactedExport.Write(stream, origin.FileStem, search.RedactorsOf(export)(), pending.Stream, progress, context.Cancellation)));
        string sha256 = pending.Stream.Sha256();
        _ = pending.Commit(sha256, context.Cancellation);

        // Read again as any export is: what the archive has of it is what its bytes say.
        using ObjectContent content = repository.Archive.Objects.TryOpen(sha256, context.Cancellation) ?? throw ArchiveErrors.ObjectNotFound(sha256);
        ExportFingerprint print = ExportFingerprint.Compute(
            content.Stream, origin.FileStem, copyTo: null, withLabels: true, context.Threads, context.Bytes("Reading labels", origin.FileStem, content.Bytes), context.Cancellation);
        ExportRecord record = new ExportRecord
        {
            Project = origin.Project,
            Sha256 = sha256,
            LabelConfigSha256 = origin.LabelConfigSha256,
            Bytes = print.Bytes,
            Name = $"redacted-{System.IO.Path.GetFileName(origin.Path ?? origin.Name ?? $"{origin.FileStem}.json")}",
            AddedAt = Timestamp.From(context.Clock.GetUtcNow()),
            RedactedFrom = origin.Sha256,
            Redacted = With(origin.Redacted, subject),
        }.With(print);

        // It takes its origin's place among the project's exports, however far its own labels go.
        record = record with
        {
            NewerThan = [.. repository.Archive.List(origin.Project)
                .Where(other => other.Sha256 != sha256 && (other.Sha256 == origin.Sha256 || !ExportOrder.IsNewer(other, origin)))
                .Select(static other => other.Sha256)
                .Order(StringComparer.Ordinal)],
        };
        _ = repository.Archive.Record(record);
        return sha256;
    }

    private static Exclusion With(Exclusion before, SourceQuery subject) => subject.Kind == SourceKind.Annotator
        ? new Exclusion(before.Annotators.Append(subject.Id), before.Episodes)
        : new Exclusion(before.Annotators, before.Episodes.Append(subject.Text));

    /// <summary>Writes the rule into harvest.json, under the next version where slices were made under the one that is there.</summary>
    private static HarvestDefinition LeaveOut(Repository repository, SourceQuery subject, IReadOnlyList<SliceManifest> slices)
    {
        repository.EnsureIgnored();
        using FileLock exclusive = FileLock.Acquire(Path.Combine(repository.LocksFolder, "settings"));
        HarvestSettings settings = HarvestSettings.Load(repository.SettingsPath);
        HarvestDefinition before = settings.Harvest;
        HarvestDefinition after = before with { Rules = before.Rules with { Exclude = With(before.Rules.Exclude, subject) } };
        if (after.Rules.Exclude.Equals(before.Rules.Exclude))
        {
            return before;
        }

        HashSet<string> taken = [.. slices.Select(static slice => slice.HarvestVersion).OfType<string>()];
        if (taken.Contains(before.FullVersion))
        {
            after = after with { Version = VersionBump.Propose(after, rowsChange: true, taken, $"leaves out {subject}").To };
        }

        (settings with { Harvest = after }).Write(repository.SettingsPath);
        return after;
    }

    private static List<Remedy> Next(SourceQuery subject, ErasurePlan plan, ErasureSearch search)
    {
        bool media = search.Slices.Any(slice => slice.Media is not null && plan.Slices.Any(touched => touched.Version == slice.Version));
        bool shrinks = plan.Exports.Any(static export => export.Holds.Annotations > 0);
        List<Remedy> next = [];
        if (plan.Slices.Count > 0)
        {
            next.Add($"Make a slice of what is left: {new RemedyAction.NewSlice() { AllowShrink = shrinks, Media = media }}.");
        }

        next.Add(plan.HarvestVersion is null
            ? (Remedy)$"Erase {subject} in Label Studio before its next export is added, which would bring the work back: no rule leaves it out of slices."
            : $"Erase {subject} in Label Studio too: its next export would bring the work back into the archive, though not into slices.");
        next.Add($"Remove the old exports once nothing needs them: {subject.ToErase(ErasureStep.Remove)}.");
        next.Add($"Have it proved: {subject.ToErase(ErasureStep.Prove)}.");
        return next;
    }
}
