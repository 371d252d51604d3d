using HarvestTools.Cache;
using HarvestTools.Tables;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

public sealed class EarlyLoadingTests
{
    [Fact]
    public void The_small_export_gives_rows_of_every_table_and_so_uses_the_code_of_each()
    {
        Part part = EarlyLoading.Run();
        Assert.Equal(TableCatalog.All.Select(static table => table.Name), part.Tables.Select(static table => table.Table));
        Assert.All(part.Tables, static table => Assert.True(table.Rows > 0, table.Table));
        Assert.Equal(2, part.Tally.Tasks);
    }
}
