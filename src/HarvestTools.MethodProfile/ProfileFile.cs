using System.Reflection;
using System.Reflection.Emit;

namespace HarvestTools.MethodProfile;

/// <summary>
/// A profile as the compiler ahead of time reads it (.mibc): an assembly whose global methods load the tokens of methods, those of
/// each assembly in one, and a dictionary of these.
/// </summary>
internal static class ProfileFile
{
    private const MethodAttributes Global = MethodAttributes.Public | MethodAttributes.Static;

    public static void Write(string path, IEnumerable<MethodBase> methods)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("MethodProfile"), typeof(object).Assembly);
        ModuleBuilder module = assembly.DefineDynamicModule("MethodProfile");
        ILGenerator dictionary = module.DefineGlobalMethod("AssemblyDictionary", Global, typeof(void), null).GetILGenerator();
        foreach (IGrouping<string, MethodBase> group in methods.GroupBy(static method => method.Module.Assembly.GetName().Name!).OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            MethodBuilder entries = module.DefineGlobalMethod("Assemblies_" + group.Key, Global, typeof(void), null);
            ILGenerator code = entries.GetILGenerator();
            foreach (MethodBase method in group)
            {
                code.Emit(OpCodes.Ldtoken, method is ConstructorInfo constructor ? module.GetMethodMetadataToken(constructor) : module.GetMethodMetadataToken((MethodInfo)method));
                code.Emit(OpCodes.Pop);
            }

            code.Emit(OpCodes.Ret);
            dictionary.Emit(OpCodes.Ldstr, group.Key + ";");
            dictionary.Emit(OpCodes.Ldtoken, entries);
            dictionary.Emit(OpCodes.Pop);
        }

        dictionary.Emit(OpCodes.Ret);
        module.CreateGlobalFunctions();
        assembly.Save(path);
    }
}
