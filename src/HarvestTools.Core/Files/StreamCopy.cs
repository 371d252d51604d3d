using System.Buffers;

namespace HarvestTools.Files;

/// <summary>Copies a stream; a fault names the side that it is of.</summary>
internal static class StreamCopy
{
    private const int BufferBytes = 1 << 20;

    /// <param name="from">Read to its end.</param>
    /// <param name="to">Written.</param>
    /// <param name="source">What messages call the source.</param>
    /// <param name="target">What messages call the target.</param>
    /// <param name="cancellation">Ends the copying.</param>
    /// <param name="copied">Receives the number of bytes of each step.</param>
    public static void Run(Stream from, Stream to, string source, string target, CancellationToken cancellation, Action<int>? copied = null)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                int read = Guard(() => from.Read(buffer), source, "read");
                if (read == 0)
                {
                    return;
                }

                Guard(
                    () =>
                    {
                        to.Write(buffer, 0, read);
                        return 0;
                    },
                    target,
                    "write");
                copied?.Invoke(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Guard(Func<int> step, string name, string action)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, name, action);
        }
    }
}
