using System.Security.Cryptography;
using HarvestTools.Cache;
using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;
using HarvestTools.Rules;

namespace HarvestTools.Fuzz.Targets;

/// <summary>
/// A table's Parquet file whose recorded hash is that of the changed bytes, once with the checksums of its pages as they were and
/// once with those of the changed pages: the hardest case, since nothing else warns.
/// </summary>
internal sealed class ParquetTarget : FuzzTarget
{
    private readonly ScratchFolder _folder = new();
    private readonly List<byte[]> _seeds = [];

    public ParquetTarget()
    {
        var request = new PartRequest("p", "export.json", HarvestRules.Default, FieldMapping.Default, 1, _folder.Path);
        foreach (byte[] export in Fuzz.Seeds.Exports.Take(4))
        {
            var tables = new List<MemoryStream>();
            PartDerivation.Run(
                request,
                new MemoryStream(export),
                _ =>
                {
                    tables.Add(new MemoryStream());
                    return tables[^1];
                },
                null,
                CancellationToken.None);
            _seeds.AddRange(tables.Select(static table => table.ToArray()));
        }
    }

    public override string Name => "parquet";

    public override IReadOnlyList<byte[]> Seeds => _seeds;

    public override void Run(byte[] input)
    {
        string path = _folder["table.parquet"];
        ScratchFolder.Write(path, input);
        long? footer = FooterRows.TryRead(path);
        Require(footer is null or >= 0, $"The footer gives {footer} rows.");
        _ = Outcome(() => Rows(input));
        _ = Outcome(() => Rows(PageChecksums.Mend(input)));
    }

    public override void Dispose()
    {
        _folder.Dispose();
        base.Dispose();
    }

    private static string Rows(byte[] input)
    {
        var file = VerifiedFile.Open(new MemoryStream(input), "table.parquet", Convert.ToHexStringLower(SHA256.HashData(input)));
        using var reader = new ParquetTableReader(file);
        using var group = new ParquetRowGroup();
        long bytes = 0;
        for (int i = 0; i < reader.RowGroups; i++)
        {
            reader.ReadRowGroup(i, group);
            for (int column = 0; column < reader.Schema.Columns.Count; column++)
            {
                ParquetColumn described = reader.Schema.Columns[column];
                for (int row = 0; row < group.Rows; row++)
                {
                    bytes += described.Type == ParquetType.Utf8 && !group.Columns[column].IsNull(row) ? group.Columns[column].GetText(row).Length : 1;
                }
            }
        }

        return $"{bytes}";
    }
}
