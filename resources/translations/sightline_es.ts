<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>Application</name>
    <message>
        <source>No model has been chosen yet.</source>
        <translation>Todavía no se ha elegido ningún modelo.</translation>
    </message>
    <message>
        <source>{folder} is not a model folder: there is no config.json in it. Choose another one.</source>
        <translation>{folder} no es la carpeta de un modelo: no contiene config.json. Elija otra.</translation>
    </message>
    <message>
        <source>Starting the model</source>
        <translation>Iniciando el modelo</translation>
    </message>
    <message>
        <source>Loading the {part}</source>
        <translation>Cargando: {part}</translation>
    </message>
    <message>
        <source>loading the {part}, {percent} %</source>
        <translation>cargando {part}, {percent} %</translation>
    </message>
    <message>
        <source>Making a small random model, which may take a minute</source>
        <translation>Creando un modelo aleatorio pequeño; puede tardar un minuto</translation>
    </message>
    <message>
        <source>Loading was cancelled: no model is in memory.</source>
        <translation>Se canceló la carga: no hay ningún modelo en memoria.</translation>
    </message>
    <message>
        <source>Your settings cannot be kept in {file} ({reason}).</source>
        <translation>No se puede guardar la configuración en {file} ({reason}).</translation>
    </message>
</context>
<context>
    <name>Attachments</name>
    <message>
        <source>Take {name} off</source>
        <translation>Quitar {name}</translation>
    </message>
    <message>
        <source>Attached: {name}</source>
        <translation>Adjunto: {name}</translation>
    </message>
</context>
<context>
    <name>Camera</name>
    <message>
        <source>The camera gives no picture: unplug it and plug it in again, or choose another one.</source>
        <translation>La cámara no da imagen: desconéctela y vuelva a conectarla, o elija otra.</translation>
    </message>
</context>
<context>
    <name>CameraView</name>
    <message>
        <source>The camera is off.</source>
        <translation>La cámara está apagada.</translation>
    </message>
    <message>
        <source>The camera is being opened…</source>
        <translation>Se está abriendo la cámara…</translation>
    </message>
    <message>
        <source>Camera picture</source>
        <translation>Imagen de la cámara</translation>
    </message>
    <message>
        <source>A live picture.</source>
        <translation>Una imagen en directo.</translation>
    </message>
</context>
<context>
    <name>Capture</name>
    <message>
        <source>The microphone ({name}) is gone: plug it in again, or choose another one.</source>
        <translation>El micrófono ({name}) ya no está: vuelva a conectarlo o elija otro.</translation>
    </message>
    <message>
        <source>The microphone ({name}) gives no sound: unplug it and plug it in again, or choose another one.</source>
        <translation>El micrófono ({name}) no da sonido: desconéctelo y vuelva a conectarlo, o elija otro.</translation>
    </message>
</context>
<context>
    <name>Child</name>
    <message>
        <source>it sent what cannot be understood</source>
        <translation>envió algo incomprensible</translation>
    </message>
    <message>
        <source>exit status {code}</source>
        <translation>código de salida {code}</translation>
    </message>
    <message>
        <source>it was killed, perhaps because memory ran out</source>
        <translation>el sistema lo terminó, quizá por falta de memoria</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Pictures, sound and video (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.wav *.mp3 *.flac *.ogg *.m4a *.aac *.mp4 *.mov *.mkv *.webm *.avi)</source>
        <translation>Imágenes, sonido y vídeo (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.wav *.mp3 *.flac *.ogg *.m4a *.aac *.mp4 *.mov *.mkv *.webm *.avi)</translation>
    </message>
    <message>
        <source>&amp;Attach…</source>
        <translation>&amp;Adjuntar…</translation>
    </message>
    <message>
        <source>Attach pictures, sound or video (Ctrl+O)</source>
        <translation>Adjuntar imágenes, sonido o vídeo (Ctrl+O)</translation>
    </message>
    <message>
        <source>St&amp;op</source>
        <translation>&amp;Parar</translation>
    </message>
    <message>
        <source>Stop listening, thinking or answering (Escape)</source>
        <translation>Dejar de escuchar, pensar o responder (Escape)</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Enviar</translation>
    </message>
    <message>
        <source>Send your question (Enter)</source>
        <translation>Enviar la pregunta (Intro)</translation>
    </message>
    <message>
        <source>Keep the old question</source>
        <translation>Conservar la pregunta anterior</translation>
    </message>
    <message>
        <source>Leave the conversation as it is</source>
        <translation>Dejar la conversación como está</translation>
    </message>
    <message>
        <source>Attach pictures, sound or video</source>
        <translation>Adjuntar imágenes, sonido o vídeo</translation>
    </message>
    <message>
        <source>{media};;All files (*)</source>
        <translation>{media};;Todos los archivos (*)</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>There is no model to ask yet.</source>
        <translation>Todavía no hay ningún modelo al que preguntar.</translation>
    </message>
    <message>
        <source>{seconds} s of speech</source>
        <translation>{seconds} s de voz</translation>
    </message>
    <message>
        <source>The model gave no answer: ask again, or in other words.</source>
        <translation>El modelo no respondió: pregunte de nuevo o con otras palabras.</translation>
    </message>
</context>
<context>
    <name>EntryList</name>
    <message>
        <source>Without words</source>
        <translation>Sin palabras</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abierta</translation>
    </message>
    <message>
        <source>d MMMM yyyy</source>
        <translation>d &apos;de&apos; MMMM &apos;de&apos; yyyy</translation>
    </message>
</context>
<context>
    <name>Footage</name>
    <message>
        <source>The camera ({source}) is gone: plug it in again, or choose another one.</source>
        <translation>La cámara ({source}) ya no está: vuelva a conectarla o elija otra.</translation>
    </message>
    <message>
        <source>There are no pictures in {source}: choose another video.</source>
        <translation>No hay imágenes en {source}: elija otro vídeo.</translation>
    </message>
    <message>
        <source>Camera {source} cannot be opened: plug it in, close other programs that use it, allow Sightline to use it in the system&apos;s settings, or choose another one.</source>
        <translation>No se puede abrir la cámara {source}: conéctela, cierre otros programas que la usen, permita en la configuración del sistema que Sightline la use, o elija otra.</translation>
    </message>
    <message>
        <source>The camera at {source} does not answer: is its address right, and is it switched on?</source>
        <translation>La cámara en {source} no responde: ¿es correcta la dirección y está encendida?</translation>
    </message>
    <message>
        <source>There is no file {source} to see: choose another camera or video.</source>
        <translation>No existe el archivo {source}: elija otra cámara u otro vídeo.</translation>
    </message>
    <message>
        <source>{source} cannot be read as a video: choose another camera or video.</source>
        <translation>{source} no se puede leer como vídeo: elija otra cámara u otro vídeo.</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>Your conversations cannot be kept in {file} ({reason}).</source>
        <translation>No se pueden guardar sus conversaciones en {file} ({reason}).</translation>
    </message>
    <message>
        <source>it belongs to a newer Sightline</source>
        <translation>pertenece a un Sightline más nuevo</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>Nothing has been kept yet.</source>
        <translation>Todavía no se ha guardado nada.</translation>
    </message>
    <message>
        <source>No conversation has these words.</source>
        <translation>Ninguna conversación contiene estas palabras.</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nueva</translation>
    </message>
    <message>
        <source>Begin a new conversation (Ctrl+N)</source>
        <translation>Empezar una conversación nueva (Ctrl+N)</translation>
    </message>
    <message>
        <source>Private</source>
        <translation>Privada</translation>
    </message>
    <message>
        <source>Begin a conversation of which nothing is kept (Ctrl+Shift+N)</source>
        <translation>Empezar una conversación de la que no se guarda nada (Ctrl+Mayús+N)</translation>
    </message>
    <message>
        <source>Search conversations</source>
        <translation>Buscar conversaciones</translation>
    </message>
    <message>
        <source>Shows only conversations with these words (Ctrl+F)</source>
        <translation>Muestra solo las conversaciones con estas palabras (Ctrl+F)</translation>
    </message>
    <message>
        <source>Kept conversations</source>
        <translation>Conversaciones guardadas</translation>
    </message>
    <message>
        <source>Give the conversation another name (F2)</source>
        <translation>Dar otro nombre a la conversación (F2)</translation>
    </message>
    <message>
        <source>Write the conversation into a file</source>
        <translation>Guardar la conversación en un archivo</translation>
    </message>
    <message>
        <source>Delete the conversation (Delete)</source>
        <translation>Eliminar la conversación (Supr)</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Cambiar nombre</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportar</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Eliminar</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Conversaciones</translation>
    </message>
    <message>
        <source>Enter opens a conversation, F2 renames it, Delete deletes it.</source>
        <translation>Intro abre una conversación, F2 le cambia el nombre, Supr la elimina.</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportar…</translation>
    </message>
    <message>
        <source>Delete “{title}”? It cannot be brought back.</source>
        <translation>¿Eliminar «{title}»? No se podrá recuperar.</translation>
    </message>
    <message>
        <source>Delete a conversation</source>
        <translation>Eliminar una conversación</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Export a conversation</source>
        <translation>Exportar una conversación</translation>
    </message>
    <message>
        <source>Markdown (*.md);;JSON (*.json)</source>
        <translation>Markdown (*.md);;JSON (*.json)</translation>
    </message>
    <message>
        <source>The conversation cannot be written to {file} ({reason}): choose another place.</source>
        <translation>No se puede guardar la conversación en {file} ({reason}): elija otro lugar.</translation>
    </message>
    <message>
        <source>The conversation was written to {file}.</source>
        <translation>La conversación se guardó en {file}.</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Microphone level</source>
        <translation>Nivel del micrófono</translation>
    </message>
</context>
<context>
    <name>LineActions</name>
    <message>
        <source>Copy message</source>
        <translation>Copiar mensaje</translation>
    </message>
    <message>
        <source>Put the words of this message into the clipboard</source>
        <translation>Copiar las palabras de este mensaje al portapapeles</translation>
    </message>
    <message>
        <source>Edit and ask again</source>
        <translation>Editar y preguntar de nuevo</translation>
    </message>
    <message>
        <source>Change this question; what followed is replaced</source>
        <translation>Cambiar esta pregunta; lo que siguió se sustituye</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Responder de nuevo</translation>
    </message>
    <message>
        <source>Another answer in place of this one</source>
        <translation>Otra respuesta en lugar de esta</translation>
    </message>
    <message>
        <source>Speak again</source>
        <translation>Decir de nuevo</translation>
    </message>
    <message>
        <source>Hear this answer once more</source>
        <translation>Oír esta respuesta otra vez</translation>
    </message>
</context>
<context>
    <name>LogPage</name>
    <message>
        <source>Versions, devices, times and what happened: nothing that you said, typed or showed is in it.</source>
        <translation>Versiones, dispositivos, tiempos y lo que ocurrió: no contiene nada de lo que usted dijo, escribió o mostró.</translation>
    </message>
    <message>
        <source>The report is in the clipboard.</source>
        <translation>El informe está en el portapapeles.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Registro</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Copiar informe</translation>
    </message>
    <message>
        <source>Puts the report into the clipboard, to be pasted into a message</source>
        <translation>Copia el informe al portapapeles para pegarlo en un mensaje</translation>
    </message>
    <message>
        <source>The report as it would be copied now</source>
        <translation>El informe tal como se copiaría ahora</translation>
    </message>
</context>
<context>
    <name>Microphone</name>
    <message>
        <source>No microphone was found: plug one in, or type instead.</source>
        <translation>No se encontró ningún micrófono: conecte uno o escriba.</translation>
    </message>
</context>
<context>
    <name>ModelLink</name>
    <message>
        <source>it gave no sign of work for too long</source>
        <translation>no dio señales de trabajo durante demasiado tiempo</translation>
    </message>
    <message>
        <source>it did not let go of what was cancelled</source>
        <translation>no soltó lo que se había cancelado</translation>
    </message>
    <message>
        <source>The model&apos;s process cannot be started ({reason}): close other programs.</source>
        <translation>No se puede iniciar el proceso del modelo ({reason}): cierre otros programas.</translation>
    </message>
    <message>
        <source>The model&apos;s process stopped again and again ({reason}): close other programs and load it again, or choose another model.</source>
        <translation>El proceso del modelo se detuvo una y otra vez ({reason}): cierre otros programas y vuelva a cargarlo, o elija otro modelo.</translation>
    </message>
    <message>
        <source>The model&apos;s process stopped ({reason}): it is being started again. It is told what was said so far, but not what was seen and heard: please ask again.</source>
        <translation>El proceso del modelo se detuvo ({reason}): se está iniciando de nuevo. Se le cuenta lo que se dijo hasta ahora, pero no lo que se vio y se oyó: pregunte otra vez, por favor.</translation>
    </message>
</context>
<context>
    <name>ModelPanel</name>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progreso</translation>
    </message>
    <message>
        <source>Choose a &amp;folder…</source>
        <translation>Elegir una carpe&amp;ta…</translation>
    </message>
    <message>
        <source>Use a folder with a Qwen2.5-Omni checkpoint</source>
        <translation>Usar una carpeta con un modelo Qwen2.5-Omni</translation>
    </message>
    <message>
        <source>&amp;Make a small random model</source>
        <translation>Crear un modelo aleatori&amp;o pequeño</translation>
    </message>
    <message>
        <source>To try things out: it answers at once, but its words are noise</source>
        <translation>Para probar: responde enseguida, pero sus palabras son ruido</translation>
    </message>
    <message>
        <source>Use the built-in &amp;demonstration model</source>
        <translation>Usar el modelo de &amp;demostración incluido</translation>
    </message>
    <message>
        <source>Small and trained for a small world: coloured shapes, a few sounds, everyday sentences in English</source>
        <translation>Pequeño y entrenado para un mundo pequeño: figuras de colores, algunos sonidos, frases corrientes en inglés</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>Ca&amp;ncelar</translation>
    </message>
    <message>
        <source>Stop loading the model</source>
        <translation>Dejar de cargar el modelo</translation>
    </message>
    <message>
        <source>Choose the folder of a Qwen2.5-Omni checkpoint</source>
        <translation>Elegir la carpeta de un modelo Qwen2.5-Omni</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Back</source>
        <translation>Volver</translation>
    </message>
    <message>
        <source>Back to the conversation</source>
        <translation>Volver a la conversación</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Página</translation>
    </message>
</context>
<context>
    <name>Perception</name>
    <message>
        <source>No camera was found: plug one in, or go on without.</source>
        <translation>No se encontró ninguna cámara: conecte una o siga sin ella.</translation>
    </message>
</context>
<context>
    <name>Phase</name>
    <message>
        <source>Loading the model</source>
        <translation>Cargando el modelo</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Listo</translation>
    </message>
    <message>
        <source>Listening to you</source>
        <translation>Escuchándole</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>Pensando</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>Respondiendo</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>Sin modelo</translation>
    </message>
</context>
<context>
    <name>Playback</name>
    <message>
        <source>The speaker ({name}) takes no sound: unplug it and plug it in again, or choose another one.</source>
        <translation>El altavoz ({name}) no acepta sonido: desconéctelo y vuelva a conectarlo, o elija otro.</translation>
    </message>
    <message>
        <source>The speaker ({name}) is gone: plug it in again, or choose another one.</source>
        <translation>El altavoz ({name}) ya no está: vuelva a conectarlo o elija otro.</translation>
    </message>
</context>
<context>
    <name>Ports</name>
    <message>
        <source>microphone</source>
        <translation>micrófono</translation>
    </message>
    <message>
        <source>speaker</source>
        <translation>altavoz</translation>
    </message>
    <message>
        <source>The sound device does not respond: unplug it and plug it in again.</source>
        <translation>El dispositivo de sonido no responde: desconéctelo y vuelva a conectarlo.</translation>
    </message>
    <message>
        <source>The {kind} ({name}) cannot be used: plug it in again, allow Sightline to use it in the system&apos;s settings, or choose another one.</source>
        <translation>El {kind} ({name}) no se puede usar: vuelva a conectarlo, permita en la configuración del sistema que Sightline lo use, o elija otro.</translation>
    </message>
    <message>
        <source>Sound needs the PortAudio library, which was not found: install it (libportaudio2) and start again.</source>
        <translation>El sonido necesita la biblioteca PortAudio, que no se encontró: instálela (libportaudio2) e inicie de nuevo.</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>This desktop shows no tray: closing the window ends Sightline.</source>
        <translation>Este escritorio no muestra bandeja: al cerrar la ventana, Sightline termina.</translation>
    </message>
    <message>
        <source>The system does not let Sightline change what starts by itself ({reason}).</source>
        <translation>El sistema no permite que Sightline cambie lo que se inicia solo ({reason}).</translation>
    </message>
</context>
<context>
    <name>QuestionEdit</name>
    <message>
        <source>Your question</source>
        <translation>Su pregunta</translation>
    </message>
    <message>
        <source>Enter sends it, Shift+Enter begins a new line. Files can be dropped here.</source>
        <translation>Intro la envía, Mayús+Intro empieza una línea nueva. Aquí se pueden soltar archivos.</translation>
    </message>
    <message>
        <source>Ask something</source>
        <translation>Pregunte algo</translation>
    </message>
</context>
<context>
    <name>Scribe</name>
    <message>
        <source>What is said cannot be kept ({reason}): it stays in the window, and will be tried again.</source>
        <translation>Lo que se dice no se puede guardar ({reason}): queda en la ventana y se intentará de nuevo.</translation>
    </message>
    <message>
        <source>Your conversations in {file} are damaged and cannot be replaced ({reason}).</source>
        <translation>Sus conversaciones en {file} están dañadas y no se pueden sustituir ({reason}).</translation>
    </message>
    <message>
        <source>Your kept conversations could not be read ({reason}): a new history is begun, kept is {aside}.</source>
        <translation>No se pudieron leer sus conversaciones guardadas ({reason}): se empieza un historial nuevo y se conserva {aside}.</translation>
    </message>
</context>
<context>
    <name>SensesPanel</name>
    <message>
        <source>&amp;Camera</source>
        <translation>&amp;Cámara</translation>
    </message>
    <message>
        <source>Let the model see what the camera sees (Ctrl+K)</source>
        <translation>Dejar que el modelo vea lo que ve la cámara (Ctrl+K)</translation>
    </message>
    <message>
        <source>&amp;Hands-free</source>
        <translation>&amp;Manos libres</translation>
    </message>
    <message>
        <source>Speak without pressing anything (Ctrl+Shift+T)</source>
        <translation>Hablar sin pulsar nada (Ctrl+Mayús+T)</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Micrófono</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Altavoz</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Your settings in {file} cannot be read ({reason}): the usual ones are used.</source>
        <translation>No se puede leer la configuración de {file} ({reason}): se usa la habitual.</translation>
    </message>
    <message>
        <source>Your settings were damaged: the usual ones are used</source>
        <translation>Su configuración estaba dañada: se usa la habitual</translation>
    </message>
    <message>
        <source>Your settings are of a newer Sightline: those that are known here are used</source>
        <translation>Su configuración es de un Sightline más nuevo: se usa lo que aquí se conoce</translation>
    </message>
    <message>
        <source>Some of your settings were damaged: in their place the usual ones are used</source>
        <translation>Parte de su configuración estaba dañada: en su lugar se usa la habitual</translation>
    </message>
    <message>
        <source>{said}; those in {file} cannot be copied ({reason}).</source>
        <translation>{said}; la de {file} no se puede copiar ({reason}).</translation>
    </message>
    <message>
        <source>{said}; the file as it was is kept in {aside}.</source>
        <translation>{said}; el archivo tal como era se conserva en {aside}.</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>As the system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Alto contraste</translation>
    </message>
    <message>
        <source>For ever</source>
        <translation>Para siempre</translation>
    </message>
    <message>
        <source>For a year</source>
        <translation>Un año</translation>
    </message>
    <message>
        <source>For 90 days</source>
        <translation>90 días</translation>
    </message>
    <message>
        <source>For 30 days</source>
        <translation>30 días</translation>
    </message>
    <message>
        <source>For a week</source>
        <translation>Una semana</translation>
    </message>
    <message>
        <source>For a day</source>
        <translation>Un día</translation>
    </message>
    <message>
        <source>None: answers are only written</source>
        <translation>Ninguna: las respuestas solo se escriben</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Configuración</translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation>Reducir el movimiento</translation>
    </message>
    <message>
        <source>Go on in the tray when the window is closed</source>
        <translation>Seguir en la bandeja al cerrar la ventana</translation>
    </message>
    <message>
        <source>Start when I log in</source>
        <translation>Iniciar cuando inicio sesión</translation>
    </message>
    <message>
        <source>Begin every conversation as a private one</source>
        <translation>Empezar cada conversación como privada</translation>
    </message>
    <message>
        <source>For {days} days</source>
        <translation>{days} días</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aspecto</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Colores</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Tamaño del texto</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>Movimiento</translation>
    </message>
    <message>
        <source>Talking</source>
        <translation>Conversación</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Voz</translation>
    </message>
    <message>
        <source>Volume of the voice</source>
        <translation>Volumen de la voz</translation>
    </message>
    <message>
        <source>Silence that ends your turn</source>
        <translation>Silencio que termina su turno</translation>
    </message>
    <message>
        <source>Keeping</source>
        <translation>Conservación</translation>
    </message>
    <message>
        <source>Keep conversations</source>
        <translation>Guardar conversaciones</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privacidad</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>Escritorio</translation>
    </message>
    <message>
        <source>Tray</source>
        <translation>Bandeja</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Inicio</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>Colores de la ventana</translation>
    </message>
    <message>
        <source>Larger text in the whole window</source>
        <translation>Texto más grande en toda la ventana</translation>
    </message>
    <message>
        <source>Words of the window, from the next start on; Sightline answers in the language you speak</source>
        <translation>Palabras de la ventana, a partir del próximo inicio; Sightline responde en el idioma en que usted habla</translation>
    </message>
    <message>
        <source>Nothing moves by itself: states are told by words and shapes, as always</source>
        <translation>Nada se mueve solo: los estados se dicen con palabras y formas, como siempre</translation>
    </message>
    <message>
        <source>Its picture there shows whether microphone and camera are on; from its menu Sightline is ended</source>
        <translation>Su imagen muestra allí si el micrófono y la cámara están encendidos; desde su menú se sale de Sightline</translation>
    </message>
    <message>
        <source>Sightline opens by itself; in the tray, if it may stay there</source>
        <translation>Sightline se abre solo; en la bandeja, si puede quedarse allí</translation>
    </message>
    <message>
        <source>Who speaks the answers; without a voice they come sooner</source>
        <translation>Quién dice las respuestas; sin voz llegan antes</translation>
    </message>
    <message>
        <source>How loud answers are spoken</source>
        <translation>Con qué volumen se dicen las respuestas</translation>
    </message>
    <message>
        <source>A longer pause lets you think while you speak; a shorter one brings the answer sooner</source>
        <translation>Una pausa más larga le deja pensar mientras habla; una más corta trae antes la respuesta</translation>
    </message>
    <message>
        <source>Conversations in which nothing was said for longer are deleted</source>
        <translation>Se eliminan las conversaciones en las que no se dijo nada durante más tiempo</translation>
    </message>
    <message>
        <source>Nothing of a private conversation is ever written to the disk</source>
        <translation>Nada de una conversación privada se escribe jamás en el disco</translation>
    </message>
</context>
<context>
    <name>SmallModel</name>
    <message>
        <source>exit status {status}</source>
        <translation>código de salida {status}</translation>
    </message>
    <message>
        <source>The small model could not be made ({reason}).</source>
        <translation>No se pudo crear el modelo pequeño ({reason}).</translation>
    </message>
</context>
<context>
    <name>Speaker</name>
    <message>
        <source>No speaker was found: plug one in to hear what is said; it can be read meanwhile.</source>
        <translation>No se encontró ningún altavoz: conecte uno para oír lo que se dice; mientras tanto se puede leer.</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Model in use</source>
        <translation>Modelo en uso</translation>
    </message>
</context>
<context>
    <name>TalkButton</name>
    <message>
        <source>&amp;Talk</source>
        <translation>&amp;Hablar</translation>
    </message>
    <message>
        <source>Hold while you speak, or press to begin and again to end (Ctrl+T)</source>
        <translation>Mantenga pulsado mientras habla, o pulse para empezar y otra vez para terminar (Ctrl+T)</translation>
    </message>
    <message>
        <source>End &amp;talk</source>
        <translation>Dejar de &amp;hablar</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>New conversation</source>
        <translation>Conversación nueva</translation>
    </message>
    <message>
        <source>Private conversation: nothing of it is kept</source>
        <translation>Conversación privada: no se guarda nada de ella</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>Conversaciones</translation>
    </message>
    <message>
        <source>Show or hide the list of conversations (Ctrl+B)</source>
        <translation>Mostrar u ocultar la lista de conversaciones (Ctrl+B)</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Configuración</translation>
    </message>
    <message>
        <source>How Sightline looks, speaks and remembers (Ctrl+,)</source>
        <translation>Cómo se ve, habla y recuerda Sightline (Ctrl+,)</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Registro</translation>
    </message>
    <message>
        <source>What happened, and a report to send to somebody (Ctrl+L)</source>
        <translation>Lo que ocurrió, y un informe para enviar a alguien (Ctrl+L)</translation>
    </message>
    <message>
        <source>Conversation that is open</source>
        <translation>Conversación abierta</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>You</source>
        <translation>Usted</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Aviso</translation>
    </message>
    <message>
        <source>file</source>
        <translation>archivo</translation>
    </message>
    <message>
        <source>speech</source>
        <translation>voz</translation>
    </message>
    <message>
        <source>camera picture</source>
        <translation>imagen de la cámara</translation>
    </message>
    <message>
        <source>still going on</source>
        <translation>todavía en curso</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>interrumpida</translation>
    </message>
    <message>
        <source>broken off</source>
        <translation>cortada</translation>
    </message>
    <message>
        <source>With {what}</source>
        <translation>Con {what}</translation>
    </message>
</context>
<context>
    <name>TranscriptView</name>
    <message>
        <source>Conversation</source>
        <translation>Conversación</translation>
    </message>
    <message>
        <source>What you and Sightline said, line by line. Arrow keys move between lines.</source>
        <translation>Lo que usted y Sightline dijeron, línea por línea. Las flechas pasan de una línea a otra.</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>Lo último</translation>
    </message>
    <message>
        <source>Go to the newest message</source>
        <translation>Ir al mensaje más reciente</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Copiado.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Show Sightline</source>
        <translation>Mostrar Sightline</translation>
    </message>
    <message>
        <source>Switch microphone and camera off</source>
        <translation>Apagar micrófono y cámara</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Salir</translation>
    </message>
    <message>
        <source>microphone and camera are on</source>
        <translation>el micrófono y la cámara están encendidos</translation>
    </message>
    <message>
        <source>the microphone is on, the camera is off</source>
        <translation>el micrófono está encendido, la cámara está apagada</translation>
    </message>
    <message>
        <source>the camera is on, the microphone is off</source>
        <translation>la cámara está encendida, el micrófono está apagado</translation>
    </message>
    <message>
        <source>microphone and camera are off</source>
        <translation>el micrófono y la cámara están apagados</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>What would you like to know?</source>
        <translation>¿Qué le gustaría saber?</translation>
    </message>
    <message>
        <source>Type a question below, and press Enter.</source>
        <translation>Escriba abajo una pregunta y pulse Intro.</translation>
    </message>
    <message>
        <source>Press Talk and speak, or switch Hands-free on and just speak.</source>
        <translation>Pulse Hablar y hable, o active Manos libres y simplemente hable.</translation>
    </message>
    <message>
        <source>Switch the camera on, and ask about what it sees.</source>
        <translation>Encienda la cámara y pregunte por lo que ve.</translation>
    </message>
    <message>
        <source>Attach pictures, sound or video, or drop them here.</source>
        <translation>Adjunte imágenes, sonido o vídeo, o suéltelos aquí.</translation>
    </message>
    <message>
        <source>Nothing that you say or show leaves this computer.</source>
        <translation>Nada de lo que usted diga o muestre sale de este ordenador.</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Bienvenida</translation>
    </message>
</context>
</TS>
