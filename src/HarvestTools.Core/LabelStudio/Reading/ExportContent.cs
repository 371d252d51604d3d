using System.IO.Compression;
using HarvestTools.Files;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>
/// An export's bytes from front to back: those of the file, or of a gzip or zip the JSON in it, which is unpacked while it
/// is read and never held as a whole. What is hashed, archived and named in errors is the JSON. A Git LFS pointer is the file that it
/// names.
/// </summary>
internal sealed class ExportContent : IDisposable
{
    private readonly FileStream _file;

    private ExportContent(FileStream file, Stream stream, string name, string? entry, long? bytes)
    {
        _file = file;
        Stream = stream;
        Name = name;
        Entry = entry;
        Bytes = bytes;
    }

    /// <summary>The JSON's bytes; where <see cref="Entry"/> is null, the file itself. Disposing it closes the file.</summary>
    public Stream Stream { get; }

    /// <summary>For messages: the file's name, and where that is packed, that places in it are those of the JSON inside.</summary>
    public string Name { get; }

    /// <summary>The name of the JSON in a zip, or the name that a gzip unpacks to; null for a file that is not packed.</summary>
    public string? Entry { get; }

    /// <summary>How many bytes the JSON has; null where only reading it shows that, as in a gzip.</summary>
    public long? Bytes { get; }

    /// <summary>The size of the file, which <see cref="Track"/> measures progress by.</summary>
    public long FileBytes => _file.Length;

    /// <summary>The open file: the one given, or the one that it points to.</summary>
    public FileStream File => _file;

    /// <summary>Looks at a file's first bytes and opens what it has.</summary>
    /// <param name="file">At its beginning; disposed with the content, or at once where that cannot be opened.</param>
    /// <param name="name">For messages.</param>
    /// <param name="objects">Opens the file that a pointer names, besides git-lfs's own store; see <see cref="PointedFile.Open"/>.</param>
    /// <exception cref="HarvestException">
    /// A gzip or zip that cannot be read, or that has not exactly one JSON; a Git LFS pointer to a file that is not here.
    /// </exception>
    public static ExportContent Of(FileStream file, string name, Func<string, FileStream?>? objects = null)
    {
        // What git-lfs keeps is named by its hash; the name that people know is the pointer's.
        string path = Path.GetFullPath(file.Name);
        try
        {
            if (PointerIn(file, name) is { } pointer)
            {
                FileStream pointed = PointedFile.Open(path, name, pointer, objects);
                file.Dispose();
                file = pointed;
            }

            return PackingOf(file, name) switch
            {
                Packing.Gzip => Gzip(file, name, Path.GetFileName(path)),
                Packing.Zip => Zip(file, name),
                _ => new ExportContent(file, file, name, null, file.Length),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// SHA-256 of what an export at a path is archived under: of the JSON where it is packed and can be read, what a Git LFS pointer
    /// names, else of the file's bytes.
    /// </summary>
    /// <exception cref="HarvestException">The file cannot be read.</exception>
    public static string HashOf(string path, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        string? pointed = null;
        try
        {
            FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
            if (PointerIn(file, path) is { } pointer)
            {
                pointed = pointer.Oid;
                if (!IsPacked(PointedFile.InStore(Path.GetFullPath(path), pointer)) && pointed is not null)
                {
                    // What it names is known without the file, which need not be on this machine.
                    file.Dispose();
                    return pointed;
                }
            }

            using ExportContent content = Of(file, path);
            return StreamHash.Compute(content.Stream, content.Name, content.Track(progress), cancellation);
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.InvalidData)
        {
            // No JSON can be had from it, so all that identifies it is the file as it is.
            return pointed ?? FileHash.Compute(path, progress, cancellation);
        }
    }

    /// <summary>Progress by how much of the file is read: how large a gzip's JSON is shows only at its end.</summary>
    public IProgress<long>? Track(IProgress<long>? progress) =>
        progress is null || Entry is null ? progress : new FileProgress(_file, progress);

    public void Dispose() => Stream.Dispose();

    private static LfsPointer? PointerIn(FileStream file, string name)
    {
        try
        {
            return LfsPointer.TryRead(file);
        }
        catch (Exception e) when (FileErrors.IsFileFault(e))
        {
            file.Dispose();
            throw ExportErrors.ExportUnreadable(name, 0, e);
        }
    }

    private static bool IsPacked(string? path)
    {
        if (path is null)
        {
            return false;
        }

        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        return PackingOf(file, path) != Packing.None;
    }

    private static Packing PackingOf(FileStream file, string name)
    {
        if (!file.CanSeek)
        {
            return Packing.None;
        }

        try
        {
            Span<byte> head = stackalloc byte[4];
            FileFaults.Before(FileCall.Read, file.Name);
            int read = RandomAccess.Read(file.SafeFileHandle, head, 0);
            return Magic.Of(head[..read]);
        }
        catch (Exception e) when (FileErrors.IsFileFault(e))
        {
            throw ExportErrors.ExportUnreadable(name, 0, e);
        }
    }

    private static ExportContent Gzip(FileStream file, string name, string own)
    {
        var unpacked = new UnpackedStream(new GzipReader(file), file, $"the JSON in {name}", expected: null);
        string entry = own.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? own[..^3] : own;
        return new ExportContent(file, unpacked, unpacked.Name, ZipChoice.Printable(entry), bytes: null);
    }

    private static ExportContent Zip(FileStream file, string name)
    {
        try
        {
            // Buffered: the directory at the end and the data are read in small pieces.
            var archive = new ZipArchive(new BufferedStream(file, UnpackedStream.BufferBytes), ZipArchiveMode.Read);
            ZipArchiveEntry entry = ZipChoice.Of(archive, name);
            string own = ZipChoice.Printable(entry.FullName);
            string inside = $"{own} in {name}";
            var expected = new UnpackedSize(entry.Length, entry.Crc32);
            return new ExportContent(file, new UnpackedStream(entry.Open(), file, inside, expected), inside, own, entry.Length);
        }
        catch (InvalidDataException e)
        {
            throw ExportErrors.ExportPackedDamaged(name, 0, e);
        }
        catch (Exception e) when (FileErrors.IsFileFault(e))
        {
            throw ExportErrors.ExportUnreadable(name, 0, e);
        }
    }

    private sealed class FileProgress(FileStream file, IProgress<long> progress) : IProgress<long>
    {
        public void Report(long value) => progress.Report(file.Position);
    }
}
