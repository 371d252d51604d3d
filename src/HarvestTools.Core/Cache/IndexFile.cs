using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HarvestTools.Files;

namespace HarvestTools.Cache;

/// <summary>
/// The columns of an index as a file of the cache, in the byte order of the machine that wrote it, with a SHA-256 at its end.
/// What is not as it was written, or was written otherwise, counts as absent: an index is made again from what it indexes.
/// </summary>
internal static class IndexFile
{
    private const int MarkBytes = 8;

    /// <summary>Writes an index in place of the one that is there.</summary>
    /// <param name="path">Full path; its folder is there.</param>
    /// <param name="mark">Eight bytes that say which index it is, and in which form.</param>
    /// <param name="write">Writes the columns.</param>
    public static void Write(string path, ReadOnlySpan<byte> mark, Action<Columns> write)
    {
        byte[] first = mark[..MarkBytes].ToArray();
        AtomicFile.WriteUnflushed(path, file => Write(file, first, write));
    }

    /// <summary>The same into an open file.</summary>
    public static void Write(Stream file, ReadOnlySpan<byte> mark, Action<Columns> write)
    {
        // As it comes: the columns of a large export are tens of megabytes, and at hand already.
        using var hashed = new HashingStream(file);
        hashed.Write(mark[..MarkBytes]);
        write(new Columns(hashed));
        file.Write(Convert.FromHexString(hashed.Sha256()));
    }

    /// <summary>Reads an index; null where it is absent, damaged or of another form.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="mark">As it was written with.</param>
    /// <param name="read">Reads the columns in the order in which they were written; null where they do not fit together.</param>
    public static T? TryRead<T>(string path, ReadOnlySpan<byte> mark, Func<ColumnReader, T?> read)
        where T : class
    {
        FileKinds.RequireStored(path, "read");
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes;
        try
        {
            bytes = AtomicFile.ReadAllBytes(path);
        }
        catch (HarvestException)
        {
            // Removed meanwhile, or unreadable.
            return null;
        }

        int end = bytes.Length - SHA256.HashSizeInBytes;
        if (end < MarkBytes || !bytes.AsSpan(0, MarkBytes).SequenceEqual(mark[..MarkBytes])
            || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
        {
            return null;
        }

        try
        {
            return read(new ColumnReader(bytes.AsMemory(MarkBytes, end - MarkBytes)));
        }
        catch (ArgumentException)
        {
            // The digest fits, so another release wrote it in another form under the same mark.
            return null;
        }
    }

    /// <summary>Takes columns one after another.</summary>
    internal sealed class Columns(Stream stream)
    {
        private const int SomeValues = 1024;

        public void Add<T>(ReadOnlySpan<T> values)
            where T : unmanaged
        {
            WriteCount(values.Length);
            stream.Write(MemoryMarshal.AsBytes(values));
        }

        /// <summary>Adds a column of which no array is made.</summary>
        /// <param name="count">How many values come.</param>
        /// <param name="values">The values.</param>
        public void Add<T>(int count, IEnumerable<T> values)
            where T : unmanaged
        {
            WriteCount(count);
            T[] some = new T[Math.Min(count, SomeValues)];
            int used = 0;
            foreach (T value in values)
            {
                if (used == some.Length)
                {
                    stream.Write(MemoryMarshal.AsBytes(some.AsSpan()));
                    used = 0;
                }

                some[used++] = value;
            }

            stream.Write(MemoryMarshal.AsBytes(some.AsSpan(0, used)));
        }

        public void Add(TextList texts)
        {
            Add<int>(texts.Ends);
            Add<byte>(texts.Bytes);
        }

        private void WriteCount(int count)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, count);
            stream.Write(bytes);
        }
    }

    /// <summary>Gives the columns back.</summary>
    internal sealed class ColumnReader(ReadOnlyMemory<byte> bytes)
    {
        private ReadOnlyMemory<byte> _rest = bytes;

        /// <exception cref="ArgumentException">There are fewer bytes than the column says.</exception>
        public T[] Next<T>()
            where T : unmanaged
        {
            int count = BinaryPrimitives.ReadInt32LittleEndian(_rest.Span);
            ReadOnlyMemory<byte> values = _rest.Slice(sizeof(int), checked(Math.Max(count, 0) * Marshal.SizeOf<T>()));
            _rest = _rest[(sizeof(int) + values.Length)..];
            return MemoryMarshal.Cast<byte, T>(values.Span).ToArray();
        }

        /// <exception cref="ArgumentException">The column holds no texts.</exception>
        public TextList NextTexts()
        {
            var texts = new TextList(Next<int>(), Next<byte>());
            return texts.IsWhole() ? texts : throw new ArgumentException("The ends are not those of the texts.");
        }
    }
}
