using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Remotes;

namespace HarvestTools.Repositories;

/// <summary>
/// Records of exports in a remote, <c>exports/&lt;project&gt;-&lt;sha256&gt;.json</c> as in the archive. What one side knows more of an export is
/// joined with what the other has, and nothing is taken away.
/// </summary>
internal static class RemoteRecords
{
    private const string Folder = "exports/";

    /// <summary>The records that a remote has, by the export's hash.</summary>
    public static ILookup<string, RemoteFile> Of(Remote remote, CancellationToken cancellation) => remote.Files.List(Folder, cancellation)
        .Where(static file => file.Path.EndsWith(".json", StringComparison.Ordinal) && ExportArchive.IsRecordName(Stem(file.Path)))
        .ToLookup(static file => Stem(file.Path)[^Sha256Text.Length..], StringComparer.Ordinal);

    /// <summary>Puts the records of an export there, or joins them with those that are; how many were written.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="remote">The remote.</param>
    /// <param name="sha256">The export.</param>
    /// <param name="there">What the remote has.</param>
    /// <param name="deep">Read what is there, so that a damaged record is replaced.</param>
    /// <param name="cancellation">Ends the transfer.</param>
    public static int Push(Repository repository, Remote remote, string sha256, ILookup<string, RemoteFile> there, bool deep, CancellationToken cancellation)
    {
        int written = 0;
        foreach (ExportRecord record in repository.Archive.RecordsOf(sha256))
        {
            string path = Folder + record.FileName;
            byte[] mine = record.ToUtf8Bytes();
            if (there[sha256].FirstOrDefault(file => file.Path == path) is not { } known)
            {
                written += remote.Files.TryCreate(path, Upload.OfBytes(path, mine), cancellation) ? 1 : 0;
                continue;
            }

            // Records of equal size are taken for equal: what is added to one makes it longer.
            if (known.Bytes == mine.Length && !deep)
            {
                continue;
            }

            ExportRecord? theirs = TryRead(remote, path, cancellation);
            byte[] bytes = theirs is null ? mine : theirs.JoinedWith(record).ToUtf8Bytes();
            if (theirs is null || bytes.Length != known.Bytes)
            {
                remote.Files.Replace(path, Upload.OfBytes(path, bytes), cancellation);
                written++;
            }
        }

        return written;
    }

    /// <summary>Brings the records of an export, and joins them with those that are here; how many were new.</summary>
    public static int Pull(Repository repository, Remote remote, string sha256, ILookup<string, RemoteFile> there, CancellationToken cancellation)
    {
        int written = 0;
        Dictionary<string, ExportRecord> here = repository.Archive.RecordsOf(sha256).ToDictionary(static record => record.FileName, StringComparer.Ordinal);
        foreach (RemoteFile file in there[sha256])
        {
            ExportRecord? mine = here.GetValueOrDefault(file.Path[Folder.Length..]);
            if ((mine is null || mine.ToUtf8Bytes().Length != file.Bytes) && TryRead(remote, file.Path, cancellation) is { } theirs)
            {
                // What this machine says goes before what others say.
                ExportRecord record = Named(repository, theirs);
                (_, bool added) = repository.Archive.Record(mine is null ? record : record.JoinedWith(mine));
                written += added ? 1 : 0;
            }
        }

        return written;
    }

    /// <summary>Brings the records of exports that slices name and that have none here, as in a clone, or after others cut a slice.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="cancellation">Ends the transfer.</param>
    public static void FetchMissing(Repository repository, CancellationToken cancellation)
    {
        if (repository.FetchRemote is not { } remote)
        {
            return;
        }

        string[] missing =
        [
            .. repository.Slices.LoadAll(cancellation).SelectMany(static slice => slice.Manifest?.Exports ?? []).Select(static export => export.Sha256).Distinct(StringComparer.Ordinal)
                .Where(sha256 => !repository.Archive.ProjectsOf(sha256).Any()),
        ];
        if (missing.Length == 0)
        {
            return;
        }

        ILookup<string, RemoteFile> there = Of(remote, cancellation);
        foreach (string sha256 in missing)
        {
            _ = Pull(repository, remote, sha256, there, cancellation);
        }
    }

    /// <summary>The records of an export that cannot be read, as paths in the remote.</summary>
    public static IEnumerable<RemoteFile> Damaged(Remote remote, string sha256, ILookup<string, RemoteFile> there, CancellationToken cancellation) =>
        there[sha256].Where(file => TryRead(remote, file.Path, cancellation) is null);

    /// <summary>Null where the record was removed meanwhile, or is damaged: it can be made again from the export.</summary>
    private static ExportRecord? TryRead(Remote remote, string path, CancellationToken cancellation)
    {
        if (remote.Files.TryOpen(path, cancellation: cancellation) is not { } content)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        using (content.Stream)
        {
            StreamCopy.Run(content.Stream, bytes, remote.Files.Name, path, cancellation);
        }

        try
        {
            return ExportRecord.Parse(bytes.ToArray(), $"{remote.Files.Name}/{path}");
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.InvalidData or HarvestFault.Damaged)
        {
            return null;
        }
    }

    /// <summary>The record under the project's present name; it keeps the name that it was archived under.</summary>
    private static ExportRecord Named(Repository repository, ExportRecord record) =>
        repository.Archive.CurrentName(record.Project) is var current && current != record.Project
            ? record with { Project = current, ArchivedAs = record.Project }
            : record;

    private static string Stem(string path) => Path.GetFileNameWithoutExtension(path[Folder.Length..]);
}
