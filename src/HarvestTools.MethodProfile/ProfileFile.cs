using System.Reflection;
using System.Reflection.Emit;

namespace HarvestTools.MethodProfile;

/// <summary>
/// A profile as the compiler ahead of time reads it (.mibc): an assembly whose global methods load the tokens of methods, and after a
/// token what was counted of the method; and a dictionary that says of each of them which assembly's methods it has.
/// </summary>
internal static class ProfileFile
{
    private const MethodAttributes Global = MethodAttributes.Public | MethodAttributes.Static;

    // A method of intermediate code has room for so many values at once.
    private const int ValuesMost = 20_000;

    // What is said of an edge: all four of its place, its kind, its size and where it goes.
    private const int AllFields = 15;
    private const int EdgeKind = 385;

    /// <param name="path">The file to write.</param>
    /// <param name="methods">Methods to compile.</param>
    /// <param name="counted">Methods to compile by what was counted of them.</param>
    public static void Write(string path, IEnumerable<MethodBase> methods, IEnumerable<(MethodBase Method, MethodCounts Counts)> counted)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("MethodProfile"), typeof(object).Assembly);
        ModuleBuilder module = assembly.DefineDynamicModule("MethodProfile");
        ILGenerator dictionary = module.DefineGlobalMethod("AssemblyDictionary", Global, typeof(void), null).GetILGenerator();
        (MethodBase Method, MethodCounts? Counts)[] all =
            [.. methods.Select(static method => (method, (MethodCounts?)null)), .. counted.Select(static one => (one.Method, (MethodCounts?)one.Counts))];
        int number = 0;
        foreach (var group in all.GroupBy(static one => one.Method.Module.Assembly.GetName().Name!).OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            ILGenerator? entries = null;
            int values = 0;
            foreach ((MethodBase method, MethodCounts? counts) in group)
            {
                if (entries is null || values > ValuesMost)
                {
                    entries?.Emit(OpCodes.Ret);
                    MethodBuilder next = module.DefineGlobalMethod($"Assemblies_{group.Key}_{number++}", Global, typeof(void), null);
                    dictionary.Emit(OpCodes.Ldstr, group.Key + ";");
                    dictionary.Emit(OpCodes.Ldtoken, next);
                    dictionary.Emit(OpCodes.Pop);
                    (entries, values) = (next.GetILGenerator(), 0);
                }

                entries.Emit(OpCodes.Ldtoken, method is ConstructorInfo constructor ? module.GetMethodMetadataToken(constructor) : module.GetMethodMetadataToken((MethodInfo)method));
                values += counts is null ? 0 : WriteCounts(entries, counts);
                entries.Emit(OpCodes.Pop);
            }

            entries?.Emit(OpCodes.Ret);
        }

        dictionary.Emit(OpCodes.Ret);
        module.CreateGlobalFunctions();
        assembly.Save(path);
    }

    private static int WriteCounts(ILGenerator code, MethodCounts counts)
    {
        code.Emit(OpCodes.Ldstr, "InstrumentationDataStart");
        foreach (Edge edge in counts.Edges)
        {
            foreach (int value in (ReadOnlySpan<int>)[AllFields, edge.From, EdgeKind, 1, edge.To, edge.Count])
            {
                code.Emit(OpCodes.Ldc_I4, value);
            }
        }

        code.Emit(OpCodes.Ldstr, "InstrumentationDataEnd");
        return 2 + (6 * counts.Edges.Count);
    }
}
