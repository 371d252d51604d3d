using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>
/// Finds the end of a task by counting braces and brackets outside strings, 64 bytes at a time, and can stop where the
/// bytes read so far end and go on later. It does not judge the JSON: whoever parses the task does.
/// </summary>
/// <remarks>
/// The bit-mask technique (strings by prefix-xor over unescaped quotes, escapes by carry over odd runs of backslashes) is
/// that of simdjson: Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 28 (2019).
/// </remarks>
internal struct TaskScan
{
    private const int Block = 64;

    /// <summary>Bytes of the task that are scanned; always whole blocks.</summary>
    private int _scanned;
    private int _depth;

    /// <summary>All ones where the last block ended inside a string.</summary>
    private ulong _inString;

    /// <summary>1 where the last block ended in a backslash that escapes the next byte.</summary>
    private ulong _escapesNext;

    /// <summary>
    /// Goes on from where the last call stopped. <paramref name="task"/> starts at the task's opening brace.
    /// </summary>
    /// <param name="task">What is there of the task and of what follows it.</param>
    /// <param name="final">True where no more bytes come; the last call.</param>
    /// <returns>The task's length, or -1 where its end is not there.</returns>
    public int FindEnd(ReadOnlySpan<byte> task, bool final)
    {
        ref byte start = ref MemoryMarshal.GetReference(task);

        // A copy, so that what changes with every block is kept in registers.
        TaskScan scan = this;
        while (scan._scanned <= task.Length - Block)
        {
            int end = scan.ScanBlock(ref Unsafe.Add(ref start, scan._scanned));
            if (end >= 0)
            {
                return scan._scanned + end + 1;
            }

            scan._scanned += Block;
        }

        this = scan;
        if (!final || _scanned == task.Length)
        {
            return -1;
        }

        Span<byte> padded = stackalloc byte[Block];
        padded.Fill((byte)' ');
        task[_scanned..].CopyTo(padded);
        int last = ScanBlock(ref MemoryMarshal.GetReference(padded));
        return last >= 0 ? _scanned + last + 1 : -1;
    }

    /// <summary>Index of the byte that closes the task, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ScanBlock(ref byte block)
    {
        Vector256<byte> low = Vector256.LoadUnsafe(ref block);
        Vector256<byte> high = Vector256.LoadUnsafe(ref block, 32);

        ulong quotes = Mask(low, high, (byte)'"');
        Vector256<byte> backslash = Vector256.Create((byte)'\\');
        if ((Vector256.Equals(low, backslash) | Vector256.Equals(high, backslash)) != Vector256<byte>.Zero || _escapesNext != 0)
        {
            quotes &= ~Escaped(Mask(low, high, (byte)'\\'), _escapesNext, out ulong escapesNext);
            _escapesNext = escapesNext;
        }

        // Ones from each opening quote up to its closing quote, which itself is 0.
        ulong strings = quotes;
        strings ^= strings << 1;
        strings ^= strings << 2;
        strings ^= strings << 4;
        strings ^= strings << 8;
        strings ^= strings << 16;
        strings ^= strings << 32;
        strings ^= _inString;
        _inString = (ulong)((long)strings >> 63);

        // Setting bit 5 makes [ of { and ] of }, and of nothing else in ASCII (bytes above 0x7F keep their top bit).
        Vector256<byte> bit5 = Vector256.Create((byte)0x20);
        low |= bit5;
        high |= bit5;
        ulong opens = Mask(low, high, (byte)'{') & ~strings;
        ulong closes = Mask(low, high, (byte)'}') & ~strings;

        int closing = BitOperations.PopCount(closes);

        // Even if all that closes came first, the task would stay open: nothing to look at one by one.
        int end = _depth > closing ? -1 : EndIn(opens, closes, _depth);
        _depth += BitOperations.PopCount(opens) - closing;
        return end;
    }

    /// <summary>Index of the byte that closes what is open that deep, or -1.</summary>
    private static int EndIn(ulong opens, ulong closes, int depth)
    {
        ulong both = opens | closes;
        while (both != 0)
        {
            ulong lowest = both & (0 - both);
            depth += (opens & lowest) != 0 ? 1 : -1;
            if (depth == 0)
            {
                return BitOperations.TrailingZeroCount(lowest);
            }

            both ^= lowest;
        }

        return -1;
    }

    /// <summary>The bytes that come after an odd run of backslashes.</summary>
    /// <param name="backslashes">The backslashes of a block.</param>
    /// <param name="escapesFirst">1 where the block's first byte comes after such a run.</param>
    /// <param name="escapesNext">The same of the block that follows.</param>
    private static ulong Escaped(ulong backslashes, ulong escapesFirst, out ulong escapesNext)
    {
        const ulong EvenBits = 0x5555_5555_5555_5555;
        backslashes &= ~escapesFirst;
        ulong follows = (backslashes << 1) | escapesFirst;
        ulong oddStarts = backslashes & ~EvenBits & ~follows;
        ulong fromEven = unchecked(oddStarts + backslashes);
        escapesNext = fromEven < oddStarts ? 1UL : 0UL;
        return (EvenBits ^ (fromEven << 1)) & follows;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mask(Vector256<byte> low, Vector256<byte> high, byte value)
    {
        Vector256<byte> wanted = Vector256.Create(value);
        return Vector256.Equals(low, wanted).ExtractMostSignificantBits()
            | ((ulong)Vector256.Equals(high, wanted).ExtractMostSignificantBits() << 32);
    }
}
