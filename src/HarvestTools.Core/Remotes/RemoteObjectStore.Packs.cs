using System.Collections.Immutable;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Packs;

namespace HarvestTools.Remotes;

/// <summary>Exports that a remote has packed, in the layout of a local archive: <c>packs/ab/abcd….pack</c>.</summary>
internal sealed partial class RemoteObjectStore : IPackSource
{
    /// <summary>Where the pack of an object is, with <c>/</c>.</summary>
    public static string PackPathOf(string sha256) => $"{PackFolder.FolderName}/{sha256[..2]}/{sha256}{PackFolder.Suffix}";

    /// <summary>The sizes of the packs of those of the objects asked for that are packed here.</summary>
    /// <param name="sha256">Hashes in normal form.</param>
    /// <param name="cancellation">Ends the search.</param>
    public IReadOnlyDictionary<string, long> Packed(IEnumerable<string> sha256, CancellationToken cancellation = default)
    {
        string[] wanted = [.. sha256.Distinct(StringComparer.Ordinal)];
        if (wanted.Length > FewObjects)
        {
            Dictionary<string, string> paths = wanted.ToDictionary(PackPathOf, StringComparer.Ordinal);
            return files.List($"{PackFolder.FolderName}/", cancellation).Where(file => paths.ContainsKey(file.Path))
                .ToDictionary(file => paths[file.Path], static file => file.Bytes, StringComparer.Ordinal);
        }

        var found = new RemoteFile?[wanted.Length];
        RunAtOnce(wanted.Length, i => found[i] = files.Find(PackPathOf(wanted[i]), cancellation), cancellation);
        return wanted.Zip(found).Where(static pair => pair.Second is not null)
            .ToDictionary(static pair => pair.First, static pair => pair.Second!.Bytes, StringComparer.Ordinal);
    }

    /// <summary>Adds a pack; one that is there is another way to the same bytes.</summary>
    /// <param name="sha256">The object.</param>
    /// <param name="pack">The pack's bytes, under their own hash.</param>
    /// <param name="doubted">Whether what is there was read and is not the object.</param>
    /// <param name="cancellation">Ends the upload.</param>
    /// <exception cref="HarvestException">UploadDamaged; the remote cannot be written.</exception>
    public AddOutcome AddPack(string sha256, Upload pack, bool doubted, CancellationToken cancellation)
    {
        string path = PackPathOf(sha256);
        if (files.TryCreate(path, pack, cancellation))
        {
            return AddOutcome.Added;
        }

        if (!doubted)
        {
            return AddOutcome.AlreadyThere;
        }

        ReplaceDamaged(path, sha256 + PackFolder.Suffix, pack, cancellation);
        return AddOutcome.Replaced;
    }

    /// <summary>What a pack that is here is a patch against, by its last bytes; null where it is whole, or was removed meanwhile.</summary>
    /// <param name="sha256">The object.</param>
    /// <param name="pack">Its pack.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HarvestException">RemoteObjectDamaged.</exception>
    public string? AnchorOf(string sha256, RemoteFile pack, CancellationToken cancellation)
    {
        if (files.TryOpen(pack.Path, Math.Max(0, pack.Bytes - PackLayout.MostEndBytes), cancellation) is not { } content)
        {
            return null;
        }

        using var end = new MemoryStream();
        using (content.Stream)
        {
            StreamCopy.Run(content.Stream, end, Name, pack.Path, cancellation);
        }

        try
        {
            return PackReader.LayoutOfEnd(end.ToArray(), Name, sha256).Anchor;
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.Damaged)
        {
            throw ArchiveErrors.RemoteObjectDamaged(Name, sha256);
        }
    }

    /// <summary>Whether an export is here in a form that some others are not needed for: as plain bytes, or by packs that end at a whole one.</summary>
    /// <param name="sha256">The export.</param>
    /// <param name="others">What would be read by it in turn.</param>
    /// <param name="cancellation">Ends the look.</param>
    public bool IsReadableWithout(string sha256, ImmutableHashSet<string> others, CancellationToken cancellation) => !others.Contains(sha256) && (
        files.Find(PathOf(sha256), cancellation) is not null
        || (files.Find(PackPathOf(sha256), cancellation) is { } pack
            && (AnchorOf(sha256, pack, cancellation) is not { } anchor || IsReadableWithout(anchor, others.Add(sha256), cancellation))));

    public ObjectContent? TryOpenPlain(string sha256, CancellationToken cancellation) =>
        files.TryOpen(PathOf(sha256), cancellation: cancellation) is { } content ? new ObjectContent(content.Stream, content.Bytes) : null;

    /// <summary>The object's bytes out of its pack, and that of its anchor; null where it is not packed here.</summary>
    /// <param name="sha256">The object.</param>
    /// <param name="under">The patches that are read by it, none of which it may be read by in turn.</param>
    /// <param name="cancellation">Ends the opening.</param>
    private ObjectContent? TryOpenPacked(string sha256, ImmutableHashSet<string> under, CancellationToken cancellation)
    {
        PendingFile? file = under.Contains(sha256) ? null : Download(PackPathOf(sha256), spill, null, cancellation);
        if (file is null)
        {
            return null;
        }

        PackReader? pack = null;
        IPackAnchor? anchor = null;
        try
        {
            pack = PackReader.Open(file.Handle, file, Name, sha256);
            file = null;
            if (pack.Layout.Anchor is { } of)
            {
                anchor = OpenAnchor(of, under.Add(sha256), cancellation) ?? throw RemoteErrors.RemoteAnchorMissing(Name, sha256, of);
            }

            var stream = new PackStream(pack, anchor, spill);
            (pack, anchor) = (null, null);
            return new ObjectContent(stream, stream.Length);
        }
        finally
        {
            file?.Dispose();
            pack?.Dispose();
            anchor?.Dispose();
        }
    }

    private IPackAnchor? OpenAnchor(string sha256, ImmutableHashSet<string> under, CancellationToken cancellation)
    {
        if (Download(PackPathOf(sha256), spill, null, cancellation) is { } packed)
        {
            PackReader? pack = null;
            try
            {
                pack = PackReader.Open(packed.Handle, packed, Name, sha256);
                if (!pack.IsPatch)
                {
                    PackReader anchor = pack;
                    (pack, packed) = (null, null);
                    return anchor;
                }
            }
            finally
            {
                pack?.Dispose();
                packed?.Dispose();
            }
        }

        // Machines may have packed against different anchors, so that what is whole on one is here as a patch.
        using ObjectContent? content = TryOpenPlain(sha256, cancellation) ?? TryOpenPacked(sha256, under, cancellation);
        if (content is null)
        {
            return null;
        }

        PendingFile plain = PendingFile.Create(spill, bufferBytes: 0);
        try
        {
            StreamCopy.Run(content.Stream, plain.Stream, Name, plain.TemporaryPath, cancellation);
        }
        catch
        {
            plain.Dispose();
            throw;
        }

        return RawAnchor.TryOpen(new HandleStream(plain.Handle), plain.Handle, plain, Name, sha256, cancellation);
    }

    private PendingFile? Download(string path, string folder, Action<int>? moved, CancellationToken cancellation)
    {
        if (files.TryOpen(path, cancellation: cancellation) is not { } content)
        {
            return null;
        }

        using (content.Stream)
        {
            PendingFile file = PendingFile.Create(folder, bufferBytes: 0);
            try
            {
                StreamCopy.Run(content.Stream, file.Stream, Name, file.TemporaryPath, cancellation, moved);
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
    }
}
