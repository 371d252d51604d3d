using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Space;

/// <summary>Says which objects of the archive one repository needs: by its slices, wherever git has them, and by the records of exports.</summary>
/// <param name="repository">The repository.</param>
/// <param name="reach">What is added to.</param>
/// <param name="now">The present time.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class RepositoryReach(Repository repository, ReachableObjects reach, DateTimeOffset now, CancellationToken cancellation)
{
    private static readonly Dictionary<string, IReadOnlySet<string>> s_none = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tagged = [.. GitTags.TryNames(repository.Root)];
    private readonly string? _production = ProductionLog.Read(repository.Root) is { Count: > 0 } log ? log[^1].Version : null;

    /// <summary>The exports that are let go, by the slice that names them. A slice of that name in another branch keeps what it has besides.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Released { get; init; } = s_none;

    /// <summary>What is put behind each reason, for a repository that is not the one that was asked; empty for that one.</summary>
    public string Of { get; init; } = "";

    /// <summary>Every slice that was met, as the repository has it now where it has it.</summary>
    public List<SliceManifest> Slices { get; } = [];

    /// <summary>Whether nobody trained on a slice, and it is older than that is waited for.</summary>
    public bool IsOld(SliceManifest slice) =>
        (slice.CreatedAt ?? slice.TrainedAt) is { } made && now - made.Instant > TimeSpan.FromDays(repository.Settings.Retention.UnlinkedDays) && LinksOf(slice).Count == 0;

    /// <summary>What makes a slice one that was used: models, the alias of what is in production, tags.</summary>
    public IReadOnlyList<string> LinksOf(SliceManifest slice) =>
    [
        .. RegisteredModels.Of(slice).Select(static model => $"model {model.Name}"),
        .. slice.Version == _production ? ["in production"] : Array.Empty<string>(),
        .. _tagged.Where(tag => GitTags.IsOf(tag, slice.Version)).Select(static tag => $"tag {tag}"),
    ];

    /// <summary>Reads it all.</summary>
    /// <exception cref="HarvestException">ReachUnknown, GitNotRead: what it needs is not known. Nothing may be removed then.</exception>
    public void Collect()
    {
        var here = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string version in repository.Slices.Versions())
        {
            cancellation.ThrowIfCancellationRequested();
            byte[]? bytes = BytesOf(version);
            SliceEntry entry = repository.Slices.TryLoad(version);
            if (IsRemoved(entry))
            {
                continue;
            }

            SliceManifest slice = entry.Manifest ?? throw Unknown(entry.Path, entry.Error!);
            Add(slice, FilesOf(slice, entry.Path), where: null);

            // One that was changed in between was understood from other bytes, of which git may have the older ones.
            if (bytes is not null && BytesOf(version) is { } still && bytes.AsSpan().SequenceEqual(still))
            {
                here[version] = bytes;
            }
        }

        if (GitObjects.IsCheckout(repository.Root))
        {
            var slices = new GitSlices(repository, here, cancellation);
            foreach (GitSlice slice in slices.Read())
            {
                Add(slice.Slice, slice.Files, slice.Where);
            }

            reach.Notes.AddRange(slices.Notes);

            if (GitObjects.IsShallow(repository.Root))
            {
                reach.Notes.Add($"'{repository.Root}' is a shallow clone: a slice of a branch that was not fetched is not known here, and keeps nothing.");
            }
        }
        else
        {
            reach.Notes.Add($"'{repository.Root}' is in no git checkout: only the slices that are there now keep something.");
        }

        AddRecords();
    }

    /// <summary>The error of a slice that cannot be read; what the file system refuses says so itself.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="fault">Why.</param>
    public static HarvestException Unknown(string path, HarvestException fault) =>
        fault.Fault == HarvestFault.FileSystem ? fault : SpaceErrors.ReachUnknown(path, fault.Message, fault.Remedy);

    /// <summary>
    /// Whether another process took the slice away since the versions were listed: it needs nothing any more but what git has of it. One that
    /// lost its record alone is none of these.
    /// </summary>
    public static bool IsRemoved(SliceEntry entry) =>
        entry.Error is { } fault && FileErrors.IsGone(fault) && !Directory.Exists(Path.GetDirectoryName(entry.Path));

    private byte[]? BytesOf(string version)
    {
        try
        {
            return repository.Slices.PathOf(version) is var path && File.Exists(path) ? AtomicFile.ReadAllBytes(path) : null;
        }
        catch (HarvestException fault) when (FileErrors.IsGone(fault))
        {
            return null;
        }
    }

    private void Add(SliceManifest slice, IEnumerable<ProgramFile> files, string? where)
    {
        Slices.Add(slice);
        bool old = IsOld(slice);
        IReadOnlyList<string> links = LinksOf(slice);

        // One of that name with a model, in another branch, is not the one that was named.
        IReadOnlySet<string>? released = links.Count == 0 ? Released.GetValueOrDefault(slice.Version) : null;
        string reason = $"slice {slice.Version}{(where is null ? "" : $" of {where}")}{(links.Count == 0 ? "" : $" ({Figures.List(links, most: 3)})")}{Of}";
        foreach (NeededObject one in SliceObjects.NamedBy(slice, files))
        {
            if (released?.Contains(one.Sha256) == true)
            {
                _ = reach.Released.Add(one.Sha256);
            }
            else
            {
                reach.Add(one.Sha256, one.What, reason, old, links.Count == 0);
            }
        }

        foreach (SliceStep step in slice.Steps)
        {
            reach.Add(step.HarvestSha256, $"definition {step.HarvestVersion}", reason);
        }
    }

    private IEnumerable<ProgramFile> FilesOf(SliceManifest slice, string path)
    {
        if (!slice.IsProgram)
        {
            return [];
        }

        try
        {
            return SliceInputs.Definition(repository, slice).Program?.AllFiles ?? [];
        }
        catch (HarvestException fault)
        {
            throw Unknown(path, fault);
        }
    }

    private void AddRecords()
    {
        var whole = new List<ExportRecord>();
        foreach (ExportRecordEntry entry in repository.Archive.Records())
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry.Record is { } record)
            {
                whole.Add(record);
            }
            else
            {
                reach.Add(ExportArchive.Sha256Of(entry.Path), "export", $"its record '{Path.GetFileName(entry.Path)}', which cannot be read");
            }
        }

        foreach (ExportRecord record in whole.Where(static record => record.RemovedAt is null))
        {
            if (ReasonOf(record) is { } reason)
            {
                Add(record, reason);
            }
        }

        var newest = new NewestExports(repository);
        foreach (IGrouping<string, ExportRecord> project in whole.Where(static record => record.RemovedAt is null).GroupBy(static record => record.Project, StringComparer.Ordinal))
        {
            Add(newest.Of([.. project], context: null), $"the newest export of project {project.Key}");
        }

        // What takes the place of an erased export is what slices of that one are compared with from then on.
        for (bool more = true; more;)
        {
            more = false;
            foreach (ExportRecord record in whole.Where(record => record is { RemovedAt: null, RedactedFrom: { } origin } && !reach.Contains(record.Sha256) && reach.Contains(origin)))
            {
                Add(record, $"takes the place of export {Figures.ShortHash(record.RedactedFrom!)}");
                more = true;
            }
        }
    }

    /// <summary>Why an export is kept that may be neither the newest nor in a slice; null where it is not.</summary>
    private string? ReasonOf(ExportRecord record)
    {
        long days = repository.Settings.Retention.UnlinkedDays;

        DateTimeOffset since = record.AddedAt.Instant;
        if (now - since >= TimeSpan.FromDays(days))
        {
            // An export that was archived again is as new as its file.
            var file = new FileInfo(repository.Archive.Local.PathOf(record.Sha256));
            file = file.Exists ? file : new FileInfo(repository.Archive.Local.Packs.PathOf(record.Sha256));
            since = file.Exists && file.LastWriteTimeUtc > since ? file.LastWriteTimeUtc : since;
        }

        return now - since < TimeSpan.FromDays(days) ? $"added on {Figures.Date(since)}, less than {Figures.Count(days, "day")} ago"
            : !record.LabelsRead ? "its labels were not read yet, so that it may be the newest of its project"
            : null;
    }

    private void Add(ExportRecord record, string reason)
    {
        reach.Add(record.Sha256, $"export of project {record.Project}", reason + Of);
        if (record.LabelConfigSha256 is { } config)
        {
            reach.Add(config, $"labeling configuration of project {record.Project}", reason + Of);
        }
    }
}
