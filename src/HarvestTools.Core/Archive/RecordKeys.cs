using System.Numerics;
using System.Runtime.InteropServices;

namespace HarvestTools.Archive;

/// <summary>
/// By what the records of an archive are asked for when an export is added, without the records: one short key each, in the orders
/// that the questions need. Every answer names records, which are then read from their files.
/// </summary>
/// <remarks>
/// A command that adds one export takes a tenth of a second. So there are loops here, and no generic collection of a type of its own,
/// for which the runtime would have to compile code first.
/// </remarks>
internal sealed class RecordKeys
{
    private readonly List<string> _projects = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<long> _ids = [];
    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);
    private RecordKey[] _keys = [];

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>Of the names of all records' files, in whatever order.</summary>
    public ulong Names { get; private set; }

    /// <summary>Recorded project names, which may be earlier ones.</summary>
    public IReadOnlyList<string> Projects => _projects;

    /// <summary>The ids in Label Studio that exports of a project have: the project's place, the id, and so on.</summary>
    public IReadOnlyList<long> Ids => _ids;

    /// <summary>Whether another export of the project was said to take the place of one.</summary>
    public bool IsReplaced(int project, string sha256) => _replaced.Count > 0 && _replaced.Contains(ReplacedKey(project, sha256));

    public KeyOrder BySha256 { get; } = new(RecordKey.BySha256);

    public KeyOrder ByLabels { get; } = new(RecordKey.ByLabels);

    public KeyOrder ByPath { get; } = new(RecordKey.ByPath);

    public KeyOrder ByAge { get; } = new(RecordKey.ByAge);

    private KeyOrder[] Orders => [BySha256, ByLabels, ByPath, ByAge];

    /// <summary>The key that is the <paramref name="index"/>th in an order.</summary>
    public ref readonly RecordKey this[KeyOrder order, int index] => ref _keys[order[index]];

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
    public static ulong NameKey(ReadOnlySpan<char> fileName)
    {
        const ulong Odd = 0x9E37_79B9_7F4A_7C15;
        ulong key = (ulong)fileName.Length * Odd;
        ReadOnlySpan<ulong> four = MemoryMarshal.Cast<char, ulong>(fileName);
        foreach (ulong letters in four)
        {
            key = BitOperations.RotateLeft(key ^ letters, 29) * Odd;
        }

        foreach (char letter in fileName[(four.Length * 4)..])
        {
            key = BitOperations.RotateLeft(key ^ letter, 29) * Odd;
        }

        return key ^ (key >> 32);
    }

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

    /// <summary>About so many bytes <see cref="Write"/> writes, for those who make room.</summary>
    public int AboutBytes => (Count * (Marshal.SizeOf<RecordKey>() + (4 * sizeof(int)))) + ((_projects.Count + _ids.Count + _replaced.Count) * 80) + 1024;

    public void Write(BinaryWriter writer)
    {
        writer.Write(Names);
        writer.Write(_projects.Count);
        _projects.ForEach(writer.Write);
        writer.Write(_ids.Count);
        foreach (long number in _ids)
        {
            writer.Write(number);
        }

        writer.Write(_replaced.Count);
        foreach (string key in _replaced)
        {
            writer.Write(key);
        }

        writer.Write(Count);
        writer.Write(MemoryMarshal.AsBytes(_keys.AsSpan(0, Count)));
        Array.ForEach(Orders, order => writer.Write(MemoryMarshal.AsBytes(order.Places)));
    }

    /// <summary>What <see cref="Write"/> wrote; who calls knows by a digest that it is.</summary>
    public static RecordKeys Read(BinaryReader reader)
    {
        var keys = new RecordKeys { Names = reader.ReadUInt64() };
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            _ = keys.PlaceOf(reader.ReadString());
        }

        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            keys._ids.Add(reader.ReadInt64());
        }

        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            keys._replaced.Add(reader.ReadString());
        }

        keys.Count = reader.ReadInt32();
        keys._keys = new RecordKey[keys.Count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(keys._keys.AsSpan()));
        foreach (KeyOrder order in keys.Orders)
        {
            var places = new int[keys.Count];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(places.AsSpan()));
            order.Take(places);
        }

        return keys;
    }

    private static string ReplacedKey(int project, string sha256) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{project} {sha256}");

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
        foreach (long id in record.ProjectIds)
        {
            if (!Has(project, id))
            {
                _ids.Add(project);
                _ids.Add(id);
            }
        }

        foreach (string sha256 in record.NewerThan)
        {
            _replaced.Add(ReplacedKey(project, sha256));
        }
    }

    private bool Has(int project, long id)
    {
        for (int i = 0; i < _ids.Count; i += 2)
        {
            if (_ids[i] == project && _ids[i + 1] == id)
            {
                return true;
            }
        }

        return false;
    }
}
