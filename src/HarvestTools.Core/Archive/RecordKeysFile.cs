using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;

namespace HarvestTools.Archive;

/// <summary>
/// <see cref="RecordKeys"/> between commands, in one file of the cache, so that adding one export asks nothing of ten thousand
/// records. It is believed while it has the digest that it carries, the records' folder has the stat that it names, and the names of
/// the records are those that it was made of; else the records are read, and it is written again.
/// </summary>
/// <param name="path">Full path of the file; it need not exist.</param>
/// <param name="folder">Full path of the folder of the records.</param>
internal sealed class RecordKeysFile(string path, string folder)
{
    // The first line: this and the SHA-256 of all that follows. The number changes with the layout.
    private const string Header = "harvest-record-keys 1 ";

    /// <summary>The keys; null where there are none that fit the records as they are.</summary>
    /// <param name="now">What the folder's stat is.</param>
    public RecordKeys? TryLoad(FileStat? now)
    {
        // Numbers are in the order of this machine's processor.
        if (now is null || !BitConverter.IsLittleEndian)
        {
            return null;
        }

        try
        {
            return FileKinds.Of(path) == FileKind.Regular && Parse(AtomicFile.ReadAllBytes(path), now) is { } keys && keys.Names == Names() ? keys : null;
        }
        catch (Exception fault) when (fault is HarvestException or EndOfStreamException)
        {
            // The second is one of another layout under the same number.
            return null;
        }
    }

    /// <summary>Whether these very keys are kept.</summary>
    public bool Has(RecordKeys keys, FileStat stat)
    {
        try
        {
            return FileKinds.Of(path) == FileKind.Regular && AtomicFile.ReadAllBytes(path).AsSpan().SequenceEqual(Bytes(keys, stat).Span);
        }
        catch (HarvestException)
        {
            return false;
        }
    }

    /// <summary>Keeps the keys. They save time and nothing else: where they cannot be written, that is no fault.</summary>
    /// <param name="keys">Of all records.</param>
    /// <param name="stat">The folder's stat from before its records were read, or from after the last one was written.</param>
    /// <param name="saved">The time.</param>
    public void TrySave(RecordKeys keys, FileStat stat, DateTimeOffset saved)
    {
        // Where times are of whole seconds a record may come within this one, and nothing would show it.
        if (!BitConverter.IsLittleEndian || (FolderStat.IsCoarse(stat) && !stat.IsSettled(saved)))
        {
            return;
        }

        try
        {
            FileKinds.RequireStoredFolder(Path.GetDirectoryName(path)!, "write");
            FileKinds.RequireStored(path, "write");
            AtomicFile.WriteUnflushed(path, Bytes(keys, stat).Span);
        }
        catch (HarvestException)
        {
            // The next command reads the records again.
        }
    }

    private static byte[] FirstLine(ReadOnlySpan<byte> body) => Encoding.UTF8.GetBytes($"{Header}{Convert.ToHexStringLower(SHA256.HashData(body))}\n");

    /// <summary>All of the file, made in one piece: it is a megabyte for ten thousand records.</summary>
    private static ReadOnlyMemory<byte> Bytes(RecordKeys keys, FileStat stat)
    {
        int line = FirstLine([]).Length;
        using var bytes = new MemoryStream(line + keys.AboutBytes);
        bytes.SetLength(line);
        bytes.Position = line;
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(LabelHash.Version);
            writer.Write(stat.Bytes);
            writer.Write(stat.Modified);
            writer.Write(stat.Changed);
            writer.Write(stat.Inode);
            writer.Write(stat.Device);
            keys.Write(writer);
        }

        Memory<byte> all = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        FirstLine(all.Span[line..]).CopyTo(all);
        return all;
    }

    private static RecordKeys? Parse(byte[] file, FileStat now)
    {
        int line = file.AsSpan().IndexOf((byte)'\n') + 1;
        if (line == 0 || !file.AsSpan(0, line).SequenceEqual(FirstLine(file.AsSpan(line))))
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(file, line, file.Length - line), Encoding.UTF8);
        return reader.ReadInt32() == LabelHash.Version
            && new FileStat(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64(), reader.ReadUInt64()) == now
                ? RecordKeys.Read(reader)
                : null;
    }

    /// <summary>
    /// The names as they are, since a record may come or go within one tick of the folder's times. Listing them without a text for each
    /// takes a few milliseconds for ten thousand.
    /// </summary>
    private ulong Names()
    {
        try
        {
            // Nothing is ever included: the names are added up on the way.
            ulong sum = 0;
            var names = new FileSystemEnumerable<string>(
                folder, static (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { AttributesToSkip = 0 })
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                {
                    sum += IsRecordFile(entry.FileName) ? RecordKeys.NameKey(entry.FileName) : 0;
                    return false;
                },
            };
            foreach (string _ in names)
            {
            }

            return sum;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, folder, "list");
        }
    }

    private static bool IsRecordFile(ReadOnlySpan<char> name) =>
        name.EndsWith(".json", StringComparison.Ordinal) && ExportArchive.IsRecordName(name[..^".json".Length]);
}
