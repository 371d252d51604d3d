using System.Text;
using HarvestTools.Archive;

namespace HarvestTools.Fuzz.Targets;

/// <summary>An export's record: it is as it was written, or refused.</summary>
internal sealed class RecordTarget : FuzzTarget
{
    private readonly ScratchFolder _folder = new();
    private readonly IReadOnlyList<byte[]> _seeds;
    private readonly string[] _names;
    private readonly string[] _records;

    /// <param name="records">Names and bytes of valid records.</param>
    public RecordTarget(IReadOnlyList<(string Name, byte[] Bytes)> records)
    {
        _seeds = [.. records.Select(static record => record.Bytes)];
        _names = [.. records.Select(static record => record.Name)];
        _records = [.. records.Select(record => Read(record.Name, record.Bytes))];
    }

    public override string Name => "record";

    public override IReadOnlyList<byte[]> Seeds => _seeds;

    public override void Run(byte[] input)
    {
        foreach (string name in _names)
        {
            string outcome = Outcome(() => Read(name, input));
            Require(!outcome.StartsWith('{') || _records.Contains(outcome), $"A changed record is believed: {outcome}");
        }

        _ = ExportRecord.TryReadDamaged(input, _names[0]);
    }

    public override void Dispose()
    {
        _folder.Dispose();
        base.Dispose();
    }

    private string Read(string name, byte[] bytes)
    {
        ScratchFolder.Write(_folder[name], bytes);
        return Encoding.UTF8.GetString(ExportRecord.Load(_folder[name]).ToUtf8Bytes());
    }
}
