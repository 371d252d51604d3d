using System.Text;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Tables;

/// <summary>
/// What a table's code does with rows is what its descriptor says. Rows are made of the descriptor's columns alone, so
/// that a column which the code forgets, or takes in another order, shows.
/// </summary>
public sealed class TableDescriptorTests
{
    private const int Rows = 400;

    public static TheoryData<string> Names => [.. TableCatalog.All.Select(static table => table.Name)];

    [Fact]
    public void The_catalog_lists_each_table_once_and_finds_it_by_name()
    {
        Assert.Equal(["keypoints", "boxes", "actions", "polygons", "choices", "rejected"], TableCatalog.All.Select(static table => table.Name));
        Assert.All(TableCatalog.All, static table => Assert.Same(table, TableCatalog.Find(table.Name)));
        Assert.Null(TableCatalog.Find("Keypoints"));
        Assert.Equal(["rejected"], TableCatalog.All.Where(static table => !table.HoldsLabels).Select(static table => table.Name));
        Assert.True(TableCatalog.HoldsLabels("of a later release"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_column_says_what_it_holds(string name)
    {
        TableDescriptor table = TableCatalog.Find(name)!;

        Assert.Equal("project", table.Columns[0].Name);
        Assert.Distinct(table.Columns.Select(static column => column.Name));
        Assert.All(table.Columns, static column =>
        {
            Assert.Matches("^[a-z][a-z_]*$", column.Name);
            Assert.Matches(@"^[^.].*[^.]\.$", column.Meaning);
            Assert.NotEqual("", column.Unit?.Trim());
            Assert.Equal(column.Nullable, column.Meaning.Contains("; null ", StringComparison.Ordinal));
        });
        Assert.All([table.One, table.Many], static word => Assert.Matches("^[a-z ]+$", word));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_identity_leads_the_order_and_the_order_names_every_column(string name)
    {
        TableDescriptor table = TableCatalog.Find(name)!;

        // A merge join of sorted files finds the rows of one identity side by side.
        Assert.Equal(table.IdentityKey, table.RowOrder.Take(table.IdentityKey.Count));
        Assert.Equal(table.SortKey, table.RowOrder.Take(table.SortKey.Count));
        Assert.Equal(Enumerable.Range(0, table.Columns.Count), table.RowOrder.Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_are_read_and_written_column_by_column(string name) =>
        TableCatalog.Find(name)!.Accept(new ReadAndWrite(new Random(5)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_are_ordered_as_the_descriptor_says(string name) =>
        TableCatalog.Find(name)!.Accept(new Order(new Random(7)));

    [Fact]
    public void A_key_of_a_column_that_is_not_there_is_refused()
    {
        TableLayout layout = Layout(new TableColumn("project", ColumnType.Utf8, null, "X.")) with { SortKey = ["label"] };

        Assert.Contains("label", Assert.Throws<InvalidOperationException>(() => new TableDescriptor<ActionRow, ActionTable>(layout)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_that_does_not_lead_the_order_is_refused()
    {
        TableLayout layout = Layout(new TableColumn("project", ColumnType.Utf8, null, "X.")) with { IdentityKey = ["project"] };

        Assert.Contains("identity", Assert.Throws<InvalidOperationException>(() => new TableDescriptor<ActionRow, ActionTable>(layout)).Message, StringComparison.Ordinal);
    }

    private static TableLayout Layout(TableColumn column) =>
        new() { Name = "t", One = "row", Many = "rows", Columns = [column], SortKey = [], IdentityKey = [] };

    /// <summary>Values from small sets, so that rows often agree in some columns; null where the column allows it.</summary>
    private static object? Value(TableColumn column, Random random) => column.Nullable && random.Next(4) == 0 ? null : column.Type switch
    {
        ColumnType.Boolean => random.Next(2) == 0,
        ColumnType.Int32 => random.Next(-1, 2),
        ColumnType.Int64 => random.NextInt64(-1, 2),
        ColumnType.Double => random.Next(-1, 2) / 2.0,
        ColumnType.DoubleList => Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(-1, 2) / 2.0).ToArray(),
        _ => new[] { "", "a", "b", "ä", "aa" }[random.Next(5)],
    };

    /// <summary>A row's values without the project, and their canonical form.</summary>
    private static (object?[] Values, byte[] Bytes) Make(TableDescriptor table, Random random)
    {
        object?[] values = [.. table.Columns.Skip(1).Select(column => Value(column, random))];
        var writer = new RowWriter();
        for (int i = 0; i < values.Length; i++)
        {
            Write(writer, table.Columns[i + 1], values[i]);
        }

        return (values, writer.Written.ToArray());
    }

    private static void Write(RowWriter writer, TableColumn column, object? value)
    {
        RowFiller to = writer.Reserve(4096);
        switch (column.Type)
        {
            case ColumnType.Boolean:
                to.Add((bool)value!);
                break;
            case ColumnType.Int32 when column.Nullable:
                to.Add((int?)value);
                break;
            case ColumnType.Int32:
                to.Add((int)value!);
                break;
            case ColumnType.DoubleList:
                to.Add(DoubleList.Of((double[])value!, new TextArena()).Bytes);
                break;
            case ColumnType.Int64 when column.Nullable:
                to.Add((long?)value);
                break;
            case ColumnType.Int64:
                to.Add((long)value!);
                break;
            case ColumnType.Double when column.Nullable:
                to.Add((double?)value);
                break;
            case ColumnType.Double:
                to.Add((double)value!);
                break;
            default:
                to.Add(value is null ? default : Utf8Text.From((string)value));
                break;
        }

        writer.Advance(to);
    }

    private static int Compare(object? left, object? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (double[] a, double[] b) => a.AsSpan().SequenceCompareTo(b),
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        _ => Comparer<object>.Default.Compare(left, right),
    };

    private sealed class ReadAndWrite(Random random) : ITableVisitor<bool>
    {
        public bool Visit<TRow, TTable>()
            where TRow : struct
            where TTable : struct, IRowTable<TRow>
        {
            for (int i = 0; i < Rows; i++)
            {
                (_, byte[] bytes) = Make(TTable.Descriptor, random);
                var reader = new RowReader(bytes, 0);
                TTable.Read(ref reader, out TRow row);
                var writer = new RowWriter();
                TTable.Write(writer, row);

                Assert.Equal(bytes.Length, reader.Position);
                Assert.Equal(bytes, writer.Written.ToArray());

                var head = new RowReader(bytes, 0);
                Assert.Equal(TTable.FrameOf(row), TTable.ReadPlace(ref head).Frame);
            }

            return true;
        }
    }

    private sealed class Order(Random random) : ITableVisitor<bool>
    {
        public bool Visit<TRow, TTable>()
            where TRow : struct
            where TTable : struct, IRowTable<TRow>
        {
            TableDescriptor table = TTable.Descriptor;
            for (int i = 0; i < Rows; i++)
            {
                (object?[] left, byte[] leftBytes) = Make(table, random);
                object?[] right = [.. left];

                // One column differs from here on in the order, at each place in turn, and those behind it at random.
                int from = i % (table.Columns.Count - 1);
                foreach (int column in table.RowOrder.Where(static column => column > 0).Skip(from))
                {
                    right[column - 1] = Value(table.Columns[column], random);
                }

                int expected = table.RowOrder.Where(static column => column > 0)
                    .Select(column => Compare(left[column - 1], right[column - 1]))
                    .FirstOrDefault(static order => order != 0);
                var writer = new RowWriter();
                for (int column = 1; column < table.Columns.Count; column++)
                {
                    Write(writer, table.Columns[column], right[column - 1]);
                }

                Assert.Equal(Math.Sign(expected), Math.Sign(TTable.Compare(Row<TRow, TTable>(leftBytes), Row<TRow, TTable>(writer.Written.ToArray()))));
            }

            return true;
        }

        private static TRow Row<TRow, TTable>(byte[] bytes)
            where TRow : struct
            where TTable : struct, IRowTable<TRow>
        {
            var reader = new RowReader(bytes, 0);
            TTable.Read(ref reader, out TRow row);
            return row;
        }
    }
}
