using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.Programs;

/// <summary>The end of what a program prints; what is before it is counted and let go. Thread-safe.</summary>
internal sealed class TextTail
{
    private const int KeptBytes = 16 * 1024;
    private const int Lines = 10;
    private const int LineLength = 300;

    private readonly byte[] _kept = new byte[KeptBytes];
    private readonly Lock _lock = new();
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            foreach (byte one in bytes[Math.Max(0, bytes.Length - KeptBytes)..])
            {
                _kept[(_written++) % KeptBytes] = one;
            }

            Interlocked.Add(ref _total, bytes.Length);
        }
    }

    /// <summary>The last lines, without what would steer a terminal; empty where nothing was printed.</summary>
    public IReadOnlyList<string> LastLines()
    {
        lock (_lock)
        {
            int length = (int)Math.Min(_written, KeptBytes);
            byte[] ordered = new byte[length];
            for (int i = 0; i < length; i++)
            {
                ordered[i] = _kept[(_written - length + i) % KeptBytes];
            }

            return
            [
                .. Encoding.UTF8.GetString(ordered).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(static line => PlainText.OneLine(line.TrimEnd('\r')))
                    .Where(static line => line.Length > 0)
                    .TakeLast(Lines)
                    .Select(static line => line.Length > LineLength ? line[..LineLength] + "…" : line),
            ];
        }
    }

    private long _written;
}
