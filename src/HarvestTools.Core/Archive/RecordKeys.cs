using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace HarvestTools.Archive;

/// <summary>
/// By what the records of an archive are asked for when an export is added, without the records: one short key each, in the orders
/// that the questions need. Every answer names records, which are then read from their files.
/// </summary>
internal sealed class RecordKeys
{
    private readonly List<string> _projects = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly HashSet<(long Project, long Id)> _ids = [];
    private readonly HashSet<(long Project, HashKey Sha256)> _replaced = [];
    private RecordKey[] _keys = [];

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>Of the names of all records' files, in whatever order.</summary>
    public ulong Names { get; private set; }

    /// <summary>Recorded project names, which may be earlier ones.</summary>
    public IReadOnlyList<string> Projects => _projects;

    /// <summary>The ids in Label Studio that exports of a project have, by the project's place.</summary>
    public IReadOnlySet<(long Project, long Id)> Ids => _ids;

    /// <summary>Exports that another one of their project was said to take the place of.</summary>
    public IReadOnlySet<(long Project, HashKey Sha256)> Replaced => _replaced;

    public KeyOrder BySha256 { get; } = new(RecordKey.BySha256);

    public KeyOrder ByLabels { get; } = new(RecordKey.ByLabels);

    public KeyOrder ByPath { get; } = new(RecordKey.ByPath);

    public KeyOrder ByAge { get; } = new(RecordKey.ByAge);

    private KeyOrder[] Orders => [BySha256, ByLabels, ByPath, ByAge];

    /// <summary>The key that is the <paramref name="index"/>th in an order.</summary>
    public RecordKey this[KeyOrder order, int index] => _keys[order[index]];

    /// <summary>Of all records of an archive.</summary>
    public static RecordKeys Of(IReadOnlyList<ExportRecord> records)
    {
        var keys = new RecordKeys { _keys = new RecordKey[records.Count], Count = records.Count };
        for (int i = 0; i < records.Count; i++)
        {
            keys._keys[i] = RecordKey.Of(records[i], keys.PlaceOf(records[i].RecordedProject));
            keys.TakeFacts(records[i]);
            keys.Names += NameKey(records[i].FileName);
        }

        Array.ForEach(keys.Orders, order => order.Sort(keys._keys, keys.Count));
        return keys;
    }

    /// <summary>Of the name of one record's file; those of all are added up.</summary>
    public static ulong NameKey(ReadOnlySpan<char> fileName) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(fileName));

    /// <summary>How many keys of an order are before one.</summary>
    public int First(KeyOrder order, in RecordKey key) => order.First(_keys, key);

    /// <summary>Takes in a record that was written.</summary>
    /// <param name="record">As it is now.</param>
    /// <param name="before">As it was; null for a new one.</param>
    /// <returns>False where what it was cannot be taken back, so that the keys are to be made again.</returns>
    public bool TryPut(ExportRecord record, ExportRecord? before)
    {
        RecordKey key = RecordKey.Of(record, PlaceOf(record.RecordedProject));
        int index = First(BySha256, key);
        bool known = index < Count && RecordKey.BySha256(this[BySha256, index], key) == 0;
        if (known != before is not null || (before is not null && !before.ProjectIds.All(record.ProjectIds.Contains)))
        {
            return false;
        }

        int place = known ? BySha256[index] : Count;
        if (known)
        {
            Array.ForEach(Orders, order => order.Remove(place));
        }
        else
        {
            if (Count == _keys.Length)
            {
                Array.Resize(ref _keys, Math.Max(64, Count * 2));
            }

            Count++;
            Names += NameKey(record.FileName);
        }

        _keys[place] = key;
        Array.ForEach(Orders, order => order.Insert(_keys, place));
        TakeFacts(record);
        return true;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Names);
        Items(_projects, writer.Write);
        Items(_ids, pair =>
        {
            writer.Write(pair.Project);
            writer.Write(pair.Id);
        });
        Items(_replaced, pair =>
        {
            writer.Write(pair.Project);
            writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<HashKey>(in pair.Sha256)));
        });
        writer.Write(Count);
        writer.Write(MemoryMarshal.AsBytes(_keys.AsSpan(0, Count)));
        Array.ForEach(Orders, order => writer.Write(MemoryMarshal.AsBytes(order.Places)));

        void Items<T>(IReadOnlyCollection<T> items, Action<T> write)
        {
            writer.Write(items.Count);
            foreach (T item in items)
            {
                write(item);
            }
        }
    }

    /// <summary>What <see cref="Write"/> wrote; who calls knows by a digest that it is.</summary>
    public static RecordKeys Read(BinaryReader reader)
    {
        var keys = new RecordKeys { Names = reader.ReadUInt64() };
        Items(() => _ = keys.PlaceOf(reader.ReadString()));
        Items(() => keys._ids.Add((reader.ReadInt64(), reader.ReadInt64())));
        Items(() => keys._replaced.Add((reader.ReadInt64(), Numbers<HashKey>(1)[0])));
        keys.Count = reader.ReadInt32();
        keys._keys = Numbers<RecordKey>(keys.Count);
        Array.ForEach(keys.Orders, order => order.Take(Numbers<int>(keys.Count)));
        return keys;

        void Items(Action read)
        {
            for (int left = reader.ReadInt32(); left > 0; left--)
            {
                read();
            }
        }

        T[] Numbers<T>(int count)
            where T : unmanaged
        {
            var items = new T[count];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(items.AsSpan()));
            return items;
        }
    }

    private int PlaceOf(string project)
    {
        if (!_places.TryGetValue(project, out int place))
        {
            place = _projects.Count;
            _projects.Add(project);
            _places.Add(project, place);
        }

        return place;
    }

    private void TakeFacts(ExportRecord record)
    {
        if (record.ProjectIds.Count + record.NewerThan.Count == 0)
        {
            return;
        }

        int project = PlaceOf(record.RecordedProject);
        _ids.UnionWith(record.ProjectIds.Select(id => ((long)project, id)));
        _replaced.UnionWith(record.NewerThan.Select(sha256 => ((long)project, HashKey.Of(sha256))));
    }
}
