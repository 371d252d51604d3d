using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;

namespace HarvestTools.Cache;

/// <summary>A labelled task of an export.</summary>
/// <param name="Id">Label Studio's id.</param>
/// <param name="Labels">The first eight bytes of its digest: equal for the same data with the same labels.</param>
internal readonly record struct ListedTask(long Id, ulong Labels) : IComparable<ListedTask>
{
    /// <summary>By id, and by labels where an id is there with several.</summary>
    public int CompareTo(ListedTask other) => Id != other.Id ? Id.CompareTo(other.Id) : Labels.CompareTo(other.Labels);
}

/// <summary>
/// The labelled tasks of exports, so that two exports can be compared without reading them again. Files of the cache, one an
/// export, written where an export is read anyway; one that is missing or damaged counts as not there.
/// </summary>
/// <param name="cacheFolder">Full path of the cache.</param>
internal sealed class TaskLists(string cacheFolder)
{
    private const int TaskBytes = 16;

    private static ReadOnlySpan<byte> Magic => "HTTASKS1"u8;

    /// <summary>By id; null where the list is not there.</summary>
    /// <param name="export">The export's SHA-256.</param>
    public ListedTask[]? TryLoad(string export)
    {
        string path = PathOf(export);
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] rented;
        int length;
        try
        {
            rented = AtomicFile.RentAllBytes(path, out length);
        }
        catch (HarvestException)
        {
            // Removed or locked meanwhile: the cache regenerates.
            return null;
        }

        try
        {
            return TryRead(rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static ListedTask[]? TryRead(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.Length - SHA256.HashSizeInBytes;
        if (end < Magic.Length || (end - Magic.Length) % TaskBytes != 0 || !bytes.StartsWith(Magic)
            || !SHA256.HashData(bytes[..end]).AsSpan().SequenceEqual(bytes[end..]))
        {
            return null;
        }

        var tasks = GC.AllocateUninitializedArray<ListedTask>((end - Magic.Length) / TaskBytes);
        ReadOnlySpan<byte> rest = bytes[Magic.Length..end];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = new ListedTask(BinaryPrimitives.ReadInt64LittleEndian(rest), BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
            rest = rest[TaskBytes..];
        }

        return tasks;
    }

    /// <summary>Keeps the list of an export that was just read. A cache that cannot be written is no fault of the work.</summary>
    /// <param name="export">The export's SHA-256.</param>
    /// <param name="digests">Its labelled tasks, sorted; those without an id are left out, since no other export can be known to have them.</param>
    public ListedTask[] Keep(string export, IEnumerable<TaskDigest> digests)
    {
        ListedTask[] tasks = Of(digests);
        byte[] bytes = new byte[Magic.Length + (tasks.Length * TaskBytes) + SHA256.HashSizeInBytes];
        Magic.CopyTo(bytes);
        for (int i = 0; i < tasks.Length; i++)
        {
            Span<byte> task = bytes.AsSpan(Magic.Length + (i * TaskBytes), TaskBytes);
            BinaryPrimitives.WriteInt64LittleEndian(task, tasks[i].Id);
            BinaryPrimitives.WriteUInt64LittleEndian(task[8..], tasks[i].Labels);
        }

        int end = bytes.Length - SHA256.HashSizeInBytes;
        SHA256.HashData(bytes.AsSpan(0, end), bytes.AsSpan(end));
        try
        {
            FileKinds.RequireStoredFolder(Path.GetDirectoryName(PathOf(export))!, "write");
            FileKinds.RequireStored(PathOf(export), "write");
            DurableFolder.Ensure(Path.GetDirectoryName(PathOf(export))!);
            AtomicFile.WriteUnflushed(PathOf(export), bytes);
        }
        catch (HarvestException)
        {
            // The list is at hand all the same.
        }

        return tasks;
    }

    /// <summary>The list of an export that was just read.</summary>
    /// <param name="digests">As above.</param>
    public static ListedTask[] Of(IEnumerable<TaskDigest> digests) =>
        [.. from digest in digests let id = digest.Id where id is not null select new ListedTask(id.Value, digest.Beginning)];

    /// <summary>How many tasks two lists share, with the same labels. Both are in the order of <see cref="ListedTask.CompareTo"/>.</summary>
    public static long Shared(ReadOnlySpan<ListedTask> one, ReadOnlySpan<ListedTask> other)
    {
        long shared = 0;
        while (!one.IsEmpty && !other.IsEmpty)
        {
            int order = one[0].CompareTo(other[0]);
            shared += order == 0 ? 1 : 0;

            // Projects have ids of their own in long runs, and of fifty projects each is compared with each: a run is stepped over and not walked.
            int before = order < 0 ? CountBefore(one, other[0]) : 1;
            int otherBefore = order > 0 ? CountBefore(other, one[0]) : 1;
            one = order <= 0 ? one[before..] : one;
            other = order >= 0 ? other[otherBefore..] : other;
        }

        return shared;
    }

    /// <summary>How many tasks from the first on come before one: in steps that double, then in halves of the last.</summary>
    private static int CountBefore(ReadOnlySpan<ListedTask> tasks, ListedTask limit)
    {
        int low = 0;
        int step = 1;
        while (low + step <= tasks.Length && tasks[low + step - 1].CompareTo(limit) < 0)
        {
            low += step;
            step *= 2;
        }

        int high = Math.Min(low + step - 1, tasks.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = tasks[middle].CompareTo(limit) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The lists that are there, each named by its export, sorted.</summary>
    public IReadOnlyList<string> Files()
    {
        string lists = Path.Combine(cacheFolder, "tasks");
        try
        {
            return !Directory.Exists(lists) ? [] :
                [.. Directory.EnumerateFiles(lists).Where(static file => Sha256Text.IsNormal(Path.GetFileName(file))).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, lists, "list");
        }
    }

    private string PathOf(string export) => Path.Combine(cacheFolder, "tasks", export);
}
