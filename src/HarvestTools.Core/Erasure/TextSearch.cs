using System.Text;

namespace HarvestTools.Erasure;

/// <summary>Looks for names in bytes of whatever form: a whole name, not a part of a longer one.</summary>
internal sealed class TextSearch(IEnumerable<string> names)
{
    private const int ChunkBytes = 1 << 20;

    private readonly byte[][] _names = [.. names.Where(static name => name.Length > 0).Select(Encoding.UTF8.GetBytes)];

    /// <summary>How often one of the names is in a file.</summary>
    public long Count(Stream file, CancellationToken cancellation)
    {
        if (_names.Length == 0)
        {
            return 0;
        }

        // Of the chunk before so much is kept that a name and a byte on either side of it are in one piece.
        int overlap = _names.Max(static name => name.Length) + 1;
        byte[] buffer = new byte[ChunkBytes + overlap];
        long found = 0;
        int kept = 0;
        bool first = true;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = file.ReadAtLeast(buffer.AsSpan(kept, ChunkBytes), ChunkBytes, throwOnEndOfStream: false);
            int length = kept + read;
            bool last = read < ChunkBytes;
            foreach (byte[] name in _names)
            {
                found += CountOf(buffer.AsSpan(0, length), name, first, last);
            }

            if (last)
            {
                return found;
            }

            first = false;
            kept = Math.Min(overlap, length);
            buffer.AsSpan(length - kept, kept).CopyTo(buffer);
        }
    }

    /// <summary>Counts a name where it ends before the last byte of a chunk that has one after it, so that each counts in one chunk alone.</summary>
    private static long CountOf(ReadOnlySpan<byte> text, byte[] name, bool first, bool last)
    {
        // Those that ended before the last byte of the chunk before were counted there.
        int from = first ? 0 : 1;
        long count = 0;
        int at = from;
        while (at < text.Length && text[at..].IndexOf(name) is >= 0 and var next)
        {
            int start = at + next;
            int end = start + name.Length;
            if (end == text.Length && !last)
            {
                break;
            }

            count += (start == 0 || !IsPartOfName(text[start - 1])) && (end == text.Length || !IsPartOfName(text[end])) ? 1 : 0;
            at = start + 1;
        }

        return count;
    }

    private static bool IsPartOfName(byte one) => one is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (byte)'_' or (byte)'-' or >= 0x80;
}
